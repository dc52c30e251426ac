import { notify } from '../../call/user-callback.js';
import { singleton } from '../../process/thread-singleton.js';
import { thisThread } from '../../process/thread.js';
import type { Transition } from '../machine/transition.js';
import { Header } from '../memory/layout.js';
import type { Place } from '../memory/record.js';
import {
  generationOf,
  isNewerGeneration,
  isShadow,
  machinePhase,
  Phase,
  phaseOf,
  stateOf,
  tagIn,
  tagOf,
} from '../memory/word.js';
import type { Panel } from '../panel/panel.js';
import { announce, type Announcement, readAnnouncements } from '../panel/transition-log.js';
import type { CircuitEvent, CircuitListener, TransitionEvent } from './circuit-event.js';

/** Whom an event is about: a circuit's name, or for one without a name the circuit itself. */
export type Topic = string | object;

/** A Map or a WeakMap. */
interface ListenersBy<T> {
  get(topic: T): Set<CircuitListener> | undefined;
  set(topic: T, listeners: Set<CircuitListener>): unknown;
  delete(topic: T): boolean;
}

/** How long a transition may stay untold before it is told without its thread: that thread was killed over it. */
const PATIENCE_MS = 10;

/**
 * The events of one panel in this thread.
 *
 * What this thread does is told to its listeners at once. What other threads do is announced in shared memory, and read
 * there when an asynchronous wait says so: nothing is polled, nothing costs a call, and no wait keeps a process alive.
 */
export class Hub {
  readonly panel: Panel;
  readonly #listeners = new Map<string, Set<CircuitListener>>();
  /** Of circuits without a name: their listeners must not keep them alive. */
  readonly #listenersToUnnamed = new WeakMap<object, Set<CircuitListener>>();
  readonly #listenersToAll = new Set<CircuitListener>();
  /** The tags this thread has told its listeners of, by record; kept while somebody listens. */
  readonly #told = new Map<number, number>();
  readonly #queue: { readonly topic: Topic; readonly event: CircuitEvent }[] = [];
  #isDelivering = false;
  #isWaiting = false;
  #isReviewDue = false;
  #cursor = 0;

  constructor(panel: Panel) {
    this.panel = panel;
  }

  /** @param topic undefined to hear of all circuits */
  subscribe(topic: Topic | undefined, listener: CircuitListener): () => void {
    if (typeof listener !== 'function')
      throw new TypeError(`subscribe: expected a function, received ${typeof listener}`);
    // A listener of its own for each subscription, so that one function may subscribe twice and leave once.
    const own: CircuitListener = (event) => listener(event);
    if (typeof topic === 'object') return this.#subscribeTo(this.#listenersToUnnamed, topic, own);
    // What happened before is nobody's news, or that of those who listened then.
    if (this.#isListening()) this.#read();
    else this.#beginListening();
    if (!this.#isWaiting) this.#wait();
    if (topic !== undefined) return this.#subscribeTo(this.#listeners, topic, own);
    this.#listenersToAll.add(own);
    return () => void this.#listenersToAll.delete(own);
  }

  #subscribeTo<T>(all: ListenersBy<T>, topic: T, listener: CircuitListener): () => void {
    let listeners = all.get(topic);
    if (listeners === undefined) all.set(topic, (listeners = new Set()));
    listeners.add(listener);
    return () => {
      all.get(topic)?.delete(listener);
      if (all.get(topic)?.size === 0) all.delete(topic);
    };
  }

  #listenersTo(topic: Topic): readonly CircuitListener[] {
    if (typeof topic === 'object') return [...(this.#listenersToUnnamed.get(topic) ?? [])];
    return [...this.#listenersToAll, ...(this.#listeners.get(topic) ?? [])];
  }

  /** Whether anybody would hear an event of this topic; circuits without a name are heard by nobody but their own. */
  isHeard(topic: Topic): boolean {
    if (typeof topic === 'object') return this.#listenersToUnnamed.has(topic);
    return this.#listenersToAll.size > 0 || this.#listeners.has(topic);
  }

  /** Tells the listeners in this thread, one event after the other, even if a listener causes the next. */
  publish(topic: Topic, event: CircuitEvent): void {
    if (!this.isHeard(topic)) return;
    this.#queue.push({ topic, event });
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        for (const listener of this.#listenersTo(next.topic)) notify(() => listener(next.event));
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  /** Tells of a transition this thread made: here at once, and in other threads if the circuit has a name. */
  publishTransition(topic: Topic, name: string, place: Place, transition: Transition, cause: unknown): void {
    if (typeof topic === 'string') {
      const { memory, layout } = this.panel;
      announce(memory, layout, { ...transition, place: place.at, birth: place.birth, thread: thisThread });
    }
    this.#tellTransition(topic, name, place.at, transition, thisThread, cause);
  }

  /** A call found a circuit changed by another thread: should that thread have died before announcing it, tell of it. */
  noticed(topic: Topic, place: Place): void {
    if (!this.#isListening() || this.#isReviewDue || typeof topic !== 'string') return;
    if (this.#told.get(place.at) !== tagIn(this.panel.memory.load(place.at))) this.#reviewSoon();
  }

  #isListening(): boolean {
    return this.#listenersToAll.size + this.#listeners.size > 0;
  }

  /** From here on: what happened before anybody listened is nobody's news. */
  #beginListening(): void {
    const { memory } = this.panel;
    this.#cursor = memory.load(Header.announced);
    this.#told.clear();
    for (const { place } of this.panel.places()) this.#told.set(place.at, tagIn(memory.load(place.at)));
  }

  #wait(): void {
    const { cells } = this.panel.memory;
    // Memory that cannot be shared is no other thread's either.
    if (cells.buffer instanceof ArrayBuffer) return;
    this.#isWaiting = true;
    const wait = Atomics.waitAsync(cells, Header.announced, this.#cursor);
    const goOn = (): void => {
      this.#isWaiting = false;
      if (!this.#isListening()) return;
      this.#read();
      this.#wait();
    };
    // Transitions may come faster than they are read: the event loop gets its turn all the same.
    if (wait.async) void wait.value.then(goOn);
    else setImmediate(goOn).unref();
  }

  #read(): void {
    const { memory, layout } = this.panel;
    const { announcements, missed, overrun, cursor } = readAnnouncements(memory, layout, this.#cursor);
    this.#cursor = cursor;
    if (overrun > 0) this.#tellEveryone({ type: 'lagged', count: overrun });
    for (const announcement of announcements) this.#tell(announcement);
    if (missed > 0) this.#reviewSoon();
  }

  #tell(announcement: Announcement): void {
    const told = this.#told.get(announcement.place);
    // This thread's own transitions, and what a review has found before, were told already.
    if (told !== undefined && !isNewerGeneration(announcement.generation, generationOf(told))) return;
    const named = this.panel.nameAt(announcement.place);
    if (named?.place.birth !== announcement.birth) return;
    this.#tellTransition(
      named.name,
      named.name,
      announcement.place,
      announcement,
      announcement.thread,
      undefined,
    );
  }

  #tellTransition(
    topic: Topic,
    name: string,
    at: number,
    transition: Transition,
    thread: number | undefined,
    cause: unknown,
  ): void {
    if (this.#isListening()) this.#told.set(at, tagOf(transition.to, transition.generation));
    // A reset of a closed circuit is a new generation and nothing anybody asked to hear of.
    if (transition.from === transition.to) return;
    this.publish(topic, transitionEvent(this.panel, name, transition, thread, cause));
  }

  #tellEveryone(event: CircuitEvent): void {
    for (const listeners of [this.#listenersToAll, ...this.#listeners.values()]) {
      for (const listener of [...listeners]) notify(() => listener(event));
    }
  }

  #reviewSoon(): void {
    if (this.#isReviewDue) return;
    this.#isReviewDue = true;
    // A living thread announces within microseconds; this asks whether one was killed before it could.
    setTimeout(() => {
      this.#isReviewDue = false;
      this.#read();
      this.#review();
    }, PATIENCE_MS).unref();
  }

  /** Compares what is with what was told, and tells the difference without knowing whose it is. */
  #review(): void {
    const { memory } = this.panel;
    for (const { name, place } of this.panel.places()) {
      const tag = tagIn(memory.load(place.at));
      const told = this.#told.get(place.at) ?? tagOf(Phase.closed, place.birth);
      if (tag === told) continue;
      // What was told of an earlier circuit at this place says nothing about this one.
      const from = isNewerGeneration(place.birth, generationOf(told)) ? Phase.closed : phaseOf(told);
      const transition = {
        from,
        to: phaseOf(tag),
        generation: generationOf(tag),
        at: this.panel.now(),
        failures: 0,
      };
      this.#tellTransition(name, name, place.at, transition, undefined, undefined);
    }
  }
}

/** The hub of a panel in this thread; several objects for one buffer share it. */
export function hubOf(panel: Panel): Hub {
  const hubs = singleton('hubs', () => new WeakMap<ArrayBufferLike, Hub>());
  let hub = hubs.get(panel.buffer);
  if (hub === undefined) hubs.set(panel.buffer, (hub = new Hub(panel)));
  return hub;
}

function transitionEvent(
  panel: Panel,
  circuit: string,
  { from, to, generation, at, failures }: Transition,
  thread: number | undefined,
  cause: unknown,
): TransitionEvent {
  const shadow = isShadow(from) && isShadow(to);
  return {
    type: 'transition',
    circuit,
    from: stateOf(shadow ? machinePhase(from) : from),
    to: stateOf(shadow ? machinePhase(to) : to),
    shadow,
    generation,
    at: panel.toEpoch(at),
    thread,
    failures,
    cause,
  };
}
