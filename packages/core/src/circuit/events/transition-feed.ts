import type { Channel } from 'node:diagnostics_channel';
import { channels } from '../../call/channels.js';
import { Emitter, type Topic } from '../../events/emitter.js';
import { threadSingleton } from '../../process/thread-singleton.js';
import { thisThread } from '../../process/thread.js';
import { type CircuitOpening, circuitOpening } from '../circuit-opening.js';
import type { Transition } from '../machine/transition.js';
import { Header } from '../../panel/layout.js';
import type { PanelRecord } from '../../panel/record.js';
import { isOpening, isShadow, machinePhase, Phase, phaseOf, stateOf, tagIn } from '../memory/word.js';
import { generationOf, isNewerGeneration, tagOf } from '../../panel/word.js';
import type { Panel } from '../../panel/panel.js';
import { readOpening } from './read-opening.js';
import { appendTransition, type LoggedTransition, readTransitions } from './transition-log.js';
import {
  aboutCircuit,
  type CircuitEvent,
  type CircuitListener,
  type TransitionEvent,
} from './circuit-event.js';

/** The time after which a transition that is not in the ring is published without its thread, which has died. */
const MAX_LOG_DELAY_MS = 10;

/** One listener to circuits that have names. */
interface Subscription {
  readonly topic: string | undefined;
  readonly listener: CircuitListener;
  unsubscribe: () => void;
  feed: TransitionFeed;
}

/**
 * Publishes the events of one panel to the listeners of this thread.
 *
 * A transition of this thread is published at once. Transitions of other threads are in a ring in shared memory, which
 * is read when an asynchronous wait ends. There is no polling, calls cost nothing, and a wait does not keep the process
 * alive.
 */
export class TransitionFeed {
  readonly panel: Panel;
  readonly #emitter = new Emitter<CircuitEvent>();
  // No private names from here on: the feed of another panel may be of another copy of this package.
  readonly subscriptions: Set<Subscription> = new Set<Subscription>();
  /** Subscriptions that stay when the others follow their circuits to another panel. */
  residents: ReadonlySet<Subscription> = new Set();
  /** The tag of each record that was published last, while there are listeners. */
  readonly #published = new Map<number, number>();
  #isWaiting = false;
  #isReviewDue = false;
  #cursor = 0;

  constructor(panel: Panel) {
    this.panel = panel;
  }

  /** @param topic undefined for the events of all circuits */
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
    // Earlier transitions are for the earlier listeners: publish them before this listener subscribes.
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

  /** Publishes a transition of this thread: here at once, and in other threads if the circuit has a name. */
  publishTransition(
    topic: Topic,
    name: string,
    record: PanelRecord,
    transition: Transition,
    cause: unknown,
  ): void {
    if (typeof topic === 'string') {
      const { memory, layout } = this.panel;
      appendTransition(memory, layout, {
        ...transition,
        record: record.at,
        incarnation: record.incarnation,
        thread: thisThread,
      });
    }
    this.#publishTransition(topic, name, record, transition, thisThread, cause, channels.state);
  }

  /**
   * Called after a call has found a circuit that another thread changed. If the change is not published soon, because that
   * thread died before it wrote to the ring, a review publishes it.
   */
  reviewIfChanged(topic: Topic, record: PanelRecord): void {
    if (!this.#emitter.hasNamedListeners || this.#isReviewDue || typeof topic !== 'string') return;
    if (this.#published.get(record.at) !== tagIn(this.panel.memory.load(record.at))) this.#reviewSoon();
  }

  /** Skips events that are older than the first subscription. */
  #skipToNow(): void {
    const { memory } = this.panel;
    this.#cursor = memory.load(Header.logged);
    this.#published.clear();
    for (const { record } of this.panel.namedRecords('circuit-breaker'))
      this.#published.set(record.at, tagIn(memory.load(record.at)));
  }

  #wait(): void {
    const { cells } = this.panel.memory;
    // No other thread can write to memory that cannot be shared.
    if (cells.buffer instanceof ArrayBuffer) return;
    this.#isWaiting = true;
    const wait = Atomics.waitAsync(cells, Header.logged, this.#cursor);
    const goOn = (): void => {
      this.#isWaiting = false;
      if (!this.#emitter.hasNamedListeners) return;
      this.#read();
      this.#wait();
    };
    // If transitions come faster than they are read, the event loop must get its turn all the same.
    if (wait.async) void wait.value.then(goOn);
    else setImmediate(goOn).unref();
  }

  #read(): void {
    const { memory, layout } = this.panel;
    const { transitions, missed, overrun, cursor } = readTransitions(memory, layout, this.#cursor);
    this.#cursor = cursor;
    if (overrun > 0)
      this.#emitter.publishToAll({
        type: 'lagged',
        policy: 'circuit-breaker',
        key: undefined,
        circuit: undefined,
        count: overrun,
      });
    for (const transition of transitions) this.#publishLogged(transition);
    if (missed > 0) this.#reviewSoon();
  }

  #publishLogged(transition: LoggedTransition): void {
    const { record, incarnation, generation, thread } = transition;
    const tag = this.#published.get(record);
    // Transitions of this thread, and those that a review has found, are published already.
    if (tag !== undefined && !isNewerGeneration(generation, generationOf(tag))) return;
    const named = this.panel.nameAt(record);
    if (named?.record.incarnation !== incarnation) return;
    this.#publishTransition(named.name, named.name, named.record, transition, thread, undefined);
  }

  #publishTransition(
    topic: Topic,
    name: string,
    record: PanelRecord,
    transition: Transition,
    thread: number | undefined,
    cause: unknown,
    channel?: Channel,
  ): void {
    if (this.#emitter.hasNamedListeners)
      this.#published.set(record.at, tagOf(transition.to, transition.generation));
    // The reset of a closed circuit begins a new generation, but does not change the state.
    if (transition.from === transition.to) return;
    if (channel?.hasSubscribers !== true && !this.hasListeners(topic)) return;
    const opening = openingBy(this.panel, record, transition, cause);
    const event = transitionEvent(this.panel, name, transition, thread, cause, opening);
    channel?.publish(event);
    this.publish(topic, event);
  }

  #reviewSoon(): void {
    if (this.#isReviewDue) return;
    this.#isReviewDue = true;
    // A running thread writes to the ring within microseconds, so a transition that is missing now will never be there.
    setTimeout(() => {
      this.#isReviewDue = false;
      this.#read();
      this.#review();
    }, MAX_LOG_DELAY_MS).unref();
  }

  /** Publishes the changes of circuits that are not in the ring. Their thread is not known. */
  #review(): void {
    const { memory } = this.panel;
    for (const { name, record } of this.panel.namedRecords('circuit-breaker')) {
      const tag = tagIn(memory.load(record.at));
      const lastTag = this.#published.get(record.at) ?? tagOf(Phase.closed, record.incarnation);
      if (tag === lastTag) continue;
      // The last tag may be that of an earlier circuit in this record.
      const isOfEarlierCircuit = isNewerGeneration(record.incarnation, generationOf(lastTag));
      const from = isOfEarlierCircuit ? Phase.closed : phaseOf(lastTag);
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

/** The feed of a panel in this thread. Panel objects with the same buffer share it. */
export function feedOf(panel: Panel): TransitionFeed {
  const feeds = threadSingleton('feeds', () => new WeakMap<ArrayBufferLike, TransitionFeed>());
  let feed = feeds.get(panel.buffer);
  if (feed === undefined) feeds.set(panel.buffer, (feed = new TransitionFeed(panel)));
  return feed;
}

/** What opened the circuit: as this thread knows it, or as the thread that opened it has left it in memory. */
function openingBy(
  panel: Panel,
  record: PanelRecord,
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
