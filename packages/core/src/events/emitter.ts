import { callUser } from '../call/user-callback.js';

/** The subject of an event: a name, or the object itself where it has no name. */
export type Topic = string | object;

type Listener<Event> = (event: Event) => void;

/** A Map or a WeakMap. */
interface ListenersBy<T, Event> {
  get(topic: T): Set<Listener<Event>> | undefined;
  set(topic: T, listeners: Set<Listener<Event>>): unknown;
  delete(topic: T): boolean;
}

/** Calls the listeners of one thread, by topic. */
export class Emitter<Event> {
  readonly #byName = new Map<string, Set<Listener<Event>>>();
  /** Weak, so that its listeners do not keep an object without a name alive. */
  readonly #byObject = new WeakMap<object, Set<Listener<Event>>>();
  readonly #toAllNames = new Set<Listener<Event>>();
  readonly #queue: { readonly topic: Topic; readonly event: Event }[] = [];
  #isDelivering = false;

  /**
   * @param topic undefined for the events of all names
   * @returns a function that ends the subscription
   */
  subscribe(topic: Topic | undefined, listener: Listener<Event>): () => void {
    if (typeof listener !== 'function')
      throw new TypeError(`subscribe: expected a function, received ${typeof listener}`);
    // A new function for each subscription: a listener may subscribe twice and unsubscribe once.
    const own: Listener<Event> = (event) => listener(event);
    if (typeof topic === 'object') return subscribeTo(this.#byObject, topic, own);
    if (topic !== undefined) return subscribeTo(this.#byName, topic, own);
    this.#toAllNames.add(own);
    return () => void this.#toAllNames.delete(own);
  }

  /** Whether an event of this topic would reach a listener. Listeners of all names do not hear of objects. */
  hasListeners(topic: Topic): boolean {
    if (typeof topic === 'object') return this.#byObject.has(topic);
    return this.#toAllNames.size > 0 || this.#byName.has(topic);
  }

  /** Whether any name has a listener. */
  get hasNamedListeners(): boolean {
    return this.#toAllNames.size + this.#byName.size > 0;
  }

  /** Calls the listeners of a topic. An event that a listener causes is delivered after the one that is being delivered. */
  publish(topic: Topic, event: Event): void {
    if (!this.hasListeners(topic)) return;
    this.#queue.push({ topic, event });
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        for (const listener of this.#listenersTo(next.topic)) callUser(() => listener(next.event));
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  /** Calls the listeners of all names and of each name, once each. */
  publishToAll(event: Event): void {
    for (const listeners of [this.#toAllNames, ...this.#byName.values()]) {
      for (const listener of [...listeners]) callUser(() => listener(event));
    }
  }

  #listenersTo(topic: Topic): readonly Listener<Event>[] {
    if (typeof topic === 'object') return [...(this.#byObject.get(topic) ?? [])];
    return [...this.#toAllNames, ...(this.#byName.get(topic) ?? [])];
  }
}

function subscribeTo<T, Event>(all: ListenersBy<T, Event>, topic: T, listener: Listener<Event>): () => void {
  let listeners = all.get(topic);
  if (listeners === undefined) all.set(topic, (listeners = new Set()));
  listeners.add(listener);
  return () => {
    all.get(topic)?.delete(listener);
    if (all.get(topic)?.size === 0) all.delete(topic);
  };
}
