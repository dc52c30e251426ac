import { Emitter, type Topic } from '../../events/emitter.js';
import { threadSingleton } from '../../process/thread-singleton.js';
import { thisThread } from '../../process/thread.js';
import { type CircuitOpening, circuitOpening } from '../circuit-opening.js';
import type { Transition } from '../machine/transition.js';
import { Header } from '../memory/layout.js';
import type { CircuitRecord } from '../memory/record.js';
import {
  generationOf,
  isNewerGeneration,
  isOpening,
  isShadow,
  machinePhase,
  Phase,
  phaseOf,
  stateOf,
  tagIn,
  tagOf,
} from '../memory/word.js';
import type { Panel } from '../panel/panel.js';
import { readOpening } from '../panel/read-opening.js';
import { appendTransition, type LoggedTransition, readTransitions } from '../panel/transition-log.js';
import {
  aboutCircuit,
  type CircuitEvent,
  type CircuitListener,
  type TransitionEvent,
} from './circuit-event.js';

/** How long a transition may stay untold before it is told without its thread: that thread was killed over it. */
const MAX_LOG_DELAY_MS = 10;

/** One listener to circuits that have names. */
interface Subscription {
  readonly topic: string | undefined;
  readonly listener: CircuitListener;
  unsubscribe: () => void;
  feed: TransitionFeed;
}

/**
 * The events of one panel in this thread.
 *
 * What this thread does is told to its listeners at once. What other threads do is announced in shared memory, and read
 * there when an asynchronous wait says so: nothing is polled, nothing costs a call, and no wait keeps a process alive.
 */
export class TransitionFeed {
  readonly panel: Panel;
  readonly #emitter = new Emitter<CircuitEvent>();
  // No private names from here on: the feed of another panel may be of another copy of this package.
  readonly subscriptions: Set<Subscription> = new Set<Subscription>();
  /** Subscriptions that stay when the others follow their circuits to another panel. */
  residents: ReadonlySet<Subscription> = new Set();
  /** The tag that was last published of each record; kept while somebody listens. */
  readonly #published = new Map<number, number>();
  #isWaiting = false;
  #isReviewDue = false;
  #cursor = 0;

  constructor(panel: Panel) {
    this.panel = panel;
  }

  /** @param topic undefined to hear of all circuits */
  subscribe(topic: Topic | undefined, listener: CircuitListener): () => void {
    if (typeof topic === 'object') return this.#emitter.subscribe(topic, listener);
    const subscription = {
      topic,
      listener,
      unsubscribe: this.subscribeToNames(topic, listener),
      feed: this,
    };
    this.subscriptions.add(subscription);
    return () => {
      subscription.unsubscribe();
      subscription.feed.subscriptions.delete(subscription);
    };
  }

  /**
   * Lets those who listen here hear of another panel instead: what is declared there takes the place of what was here. Those who
   * have listened there before stay there when the others go back.
   */
  relocateTo(other: TransitionFeed): void {
    if (other === this) return;
    other.residents = new Set(other.subscriptions);
    for (const subscription of this.subscriptions) {
      if (this.residents.has(subscription)) continue;
      subscription.unsubscribe();
      this.subscriptions.delete(subscription);
      subscription.unsubscribe = other.subscribeToNames(subscription.topic, subscription.listener);
      subscription.feed = other;
      other.subscriptions.add(subscription);
    }
  }

  subscribeToNames(topic: string | undefined, listener: CircuitListener): () => void {
    const wasListening = this.#emitter.hasNamedListeners;
    // What happened before is published to those who listened then, and not to this listener.
    if (wasListening) this.#read();
    const unsubscribe = this.#emitter.subscribe(topic, listener);
    if (!wasListening) this.#skipToNow();
    if (!this.#isWaiting) this.#wait();
    return unsubscribe;
  }

  hasListeners(topic: Topic): boolean {
    return this.#emitter.hasListeners(topic);
  }

  publish(topic: Topic, event: CircuitEvent): void {
    this.#emitter.publish(topic, event);
  }

  /** Tells of a transition this thread made: here at once, and in other threads if the circuit has a name. */
  publishTransition(
    topic: Topic,
    name: string,
    record: CircuitRecord,
    transition: Transition,
    cause: unknown,
  ): void {
    if (typeof topic === 'string') {
      const { memory, layout } = this.panel;
      appendTransition(memory, layout, {
        ...transition,
        record: record.at,
        birth: record.incarnation,
        thread: thisThread,
      });
    }
    this.#publishTransition(topic, name, record, transition, thisThread, cause);
  }

  /** A call found a circuit changed by another thread: should that thread have died before announcing it, tell of it. */
  reviewIfChanged(topic: Topic, record: CircuitRecord): void {
    if (!this.#emitter.hasNamedListeners || this.#isReviewDue || typeof topic !== 'string') return;
    if (this.#published.get(record.at) !== tagIn(this.panel.memory.load(record.at))) this.#reviewSoon();
  }

  /** Skips events that are older than the first subscription. */
  #skipToNow(): void {
    const { memory } = this.panel;
    this.#cursor = memory.load(Header.announced);
    this.#published.clear();
    for (const { record } of this.panel.places())
      this.#published.set(record.at, tagIn(memory.load(record.at)));
  }

  #wait(): void {
    const { cells } = this.panel.memory;
    // Memory that cannot be shared is no other thread's either.
    if (cells.buffer instanceof ArrayBuffer) return;
    this.#isWaiting = true;
    const wait = Atomics.waitAsync(cells, Header.announced, this.#cursor);
    const goOn = (): void => {
      this.#isWaiting = false;
      if (!this.#emitter.hasNamedListeners) return;
      this.#read();
      this.#wait();
    };
    // Transitions may come faster than they are read: the event loop gets its turn all the same.
    if (wait.async) void wait.value.then(goOn);
    else setImmediate(goOn).unref();
  }

  #read(): void {
    const { memory, layout } = this.panel;
    const { announcements, missed, overrun, cursor } = readTransitions(memory, layout, this.#cursor);
    this.#cursor = cursor;
    if (overrun > 0)
      this.#emitter.publishToAll({
        type: 'lagged',
        policy: 'circuit-breaker',
        key: undefined,
        circuit: undefined,
        count: overrun,
      });
    for (const announcement of announcements) this.#publishLogged(announcement);
    if (missed > 0) this.#reviewSoon();
  }

  #publishLogged(announcement: LoggedTransition): void {
    const told = this.#published.get(announcement.record);
    // This thread's own transitions, and what a review has found before, were told already.
    if (told !== undefined && !isNewerGeneration(announcement.generation, generationOf(told))) return;
    const named = this.panel.nameAt(announcement.record);
    if (named?.record.incarnation !== announcement.birth) return;
    this.#publishTransition(
      named.name,
      named.name,
      named.record,
      announcement,
      announcement.thread,
      undefined,
    );
  }

  #publishTransition(
    topic: Topic,
    name: string,
    record: CircuitRecord,
    transition: Transition,
    thread: number | undefined,
    cause: unknown,
  ): void {
    if (this.#emitter.hasNamedListeners)
      this.#published.set(record.at, tagOf(transition.to, transition.generation));
    // A reset of a closed circuit is a new generation and nothing anybody asked to hear of.
    if (transition.from === transition.to) return;
    if (!this.hasListeners(topic)) return;
    const opening = openingBy(this.panel, record, transition, cause);
    this.publish(topic, transitionEvent(this.panel, name, transition, thread, cause, opening));
  }

  #reviewSoon(): void {
    if (this.#isReviewDue) return;
    this.#isReviewDue = true;
    // A living thread announces within microseconds; this asks whether one was killed before it could.
    setTimeout(() => {
      this.#isReviewDue = false;
      this.#read();
      this.#review();
    }, MAX_LOG_DELAY_MS).unref();
  }

  /** Compares what is with what was told, and tells the difference without knowing whose it is. */
  #review(): void {
    const { memory } = this.panel;
    for (const { name, record } of this.panel.places()) {
      const tag = tagIn(memory.load(record.at));
      const told = this.#published.get(record.at) ?? tagOf(Phase.closed, record.incarnation);
      if (tag === told) continue;
      // What was told of an earlier circuit at this place says nothing about this one.
      const from = isNewerGeneration(record.incarnation, generationOf(told)) ? Phase.closed : phaseOf(told);
      const transition = {
        from,
        to: phaseOf(tag),
        generation: generationOf(tag),
        at: this.panel.now(),
        failures: 0,
      };
      this.#publishTransition(name, name, record, transition, undefined, undefined);
    }
  }
}

/** The hub of a panel in this thread; several objects for one buffer share it. */
export function feedOf(panel: Panel): TransitionFeed {
  const hubs = threadSingleton('hubs', () => new WeakMap<ArrayBufferLike, TransitionFeed>());
  let feed = hubs.get(panel.buffer);
  if (feed === undefined) hubs.set(panel.buffer, (feed = new TransitionFeed(panel)));
  return feed;
}

/** What opened the circuit: as this thread knows it, or as the thread that opened it has left it in memory. */
function openingBy(
  panel: Panel,
  record: CircuitRecord,
  { to, generation, at, opening }: Transition,
  cause: unknown,
): CircuitOpening | undefined {
  if (!isOpening(to)) return undefined;
  if (opening !== undefined) return circuitOpening(opening, panel.toEpoch(at), cause);
  return readOpening({ panel, memory: panel.memory, record }, generation, to === Phase.forcedOpen);
}

function transitionEvent(
  panel: Panel,
  circuit: string,
  { from, to, generation, at, failures }: Transition,
  thread: number | undefined,
  cause: unknown,
  opening: CircuitOpening | undefined,
): TransitionEvent {
  const shadow = isShadow(from) && isShadow(to);
  return {
    type: 'transition',
    ...aboutCircuit(circuit),
    from: stateOf(shadow ? machinePhase(from) : from),
    to: stateOf(shadow ? machinePhase(to) : to),
    shadow,
    generation,
    at: panel.toEpoch(at),
    thread,
    failures,
    cause,
    opening,
  };
}
