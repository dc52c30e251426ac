import { callSite } from '../../call/call-site.js';
import { isObject } from '../../errors/object-shape.js';
import { PolicyError } from '../../errors/policy-error.js';
import { nearest } from '../../options/nearest.js';
import { threadSingleton } from '../../process/thread-singleton.js';
import { CircuitBreaker } from '../breaker/breaker.js';
import { shownName } from '../circuit-name.js';
import type { CircuitListener } from '../events/circuit-event.js';
import { type TransitionFeed, feedOf } from '../events/transition-feed.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import { type LocalCircuits, localCircuitsOf } from '../local/local-circuits.js';
import { force, type ForceMode, reset } from '../machine/operator.js';
import { Phase, phaseOf } from '../memory/word.js';
import { defaultPanel } from '../../panel/default-panel.js';
import { panelEpoch } from '../../panel/panel-epoch.js';
import type { Panel } from '../../panel/panel.js';
import { type CircuitBreakerPolicy } from '../policy/policy.js';
import { isReference, readPolicy } from '../policy/read-policy.js';
import { type NamedCircuitSnapshot, snapshotsOf } from './circuits-snapshot.js';

/**
 * The circuits of a panel by name. `circuits` is the registry of all circuits with a key.
 *
 * @example
 * circuits.get('geo-api', { failureThreshold: 3 });           // declares it, once
 * await circuits.get('geo-api').call(fetch, url);             // refers to it, anywhere
 * circuits.subscribe((event) => console.log(event));          // events of all circuits
 */
export class CircuitRegistry {
  #panel: Panel;
  #feed: TransitionFeed;
  #localCircuits: LocalCircuits;
  /** The breaker of each circuit: all callers get the same one. */
  readonly #breakers = new WeakMap<LocalCircuit, CircuitBreaker>();

  constructor(panel: Panel) {
    this.#panel = panel;
    this.#feed = feedOf(panel);
    this.#localCircuits = localCircuitsOf(panel);
  }

  /** @internal The panel these circuits live in. */
  get panel(): Panel {
    return this.#panel;
  }

  /**
   * The circuit of that name. A call with a policy declares the circuit, a call without one refers to it.
   *
   * The same policy may be declared again. That takes about 30 µs, and a reference 20 ns.
   *
   * A reference also finds a circuit that only another thread has declared: it can be read, subscribed to, forced and reset. Calls
   * go through it unless its policy has functions, which cannot cross threads: then a call throws a PolicyError until this
   * thread declares the circuit too.
   *
   * @param declaredAt the line of code for messages. Default the caller's
   * @throws PolicyError if no thread has declared the key, with the keys that are declared; or with all faults of the policy
   * @throws KeyConflictError if the key was declared with another policy, with both lines of code
   */
  get(key: string, policy?: CircuitBreakerPolicy, declaredAt?: string): CircuitBreaker {
    // Throws for a value that is no object.
    if (policy !== undefined && !isObject(policy)) readPolicy(policy);
    if (policy === undefined || isReference(policy)) {
      return this.#breakerOf(
        this.#localCircuits.get(key) ?? this.#borrowed(key, declaredAt) ?? this.#undeclared(key, declaredAt),
      );
    }
    if (policy.key !== undefined && policy.key !== key) {
      throw new PolicyError('CircuitBreakerPolicy', [
        { path: 'key', received: policy.key, allowed: `"${key}", the name it is declared under` },
      ]);
    }
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is looked for on the stack, not called
    const site = declaredAt ?? callSite(this.get);
    const { settings, callbacks } = readPolicy(policy);
    // Checks the key, which is not part of the policy.
    if (policy.key === undefined && !this.has(key)) readPolicy({ key });
    return this.#breakerOf(this.#localCircuits.declare(key, settings, callbacks, site));
  }

  /** Whether there is a circuit of that name, whichever thread has declared it. */
  has(key: string): boolean {
    return this.#isDeclared(key) || this.#panel.find('circuit-breaker', key) !== undefined;
  }

  /** The names of all circuits, also of those that only other threads have declared. */
  keys(): readonly string[] {
    // One that another thread has removed is made anew by its next call here.
    const declared = this.#localCircuits.keys().filter((key) => this.#isDeclared(key));
    return [...new Set([...this.#panel.keys(), ...declared])];
  }

  /** All circuits, as {@link get} gives them. */
  *[Symbol.iterator](): IterableIterator<CircuitBreaker> {
    for (const key of this.keys()) {
      const circuit = this.#localCircuits.get(key) ?? this.#localCircuits.borrow(key);
      if (circuit !== undefined) yield this.#breakerOf(circuit);
    }
  }

  /**
   * All circuits as they are now, with their policies and totals, those that only other threads have declared included. It looks at
   * every place of the panel, as {@link keys} does.
   */
  snapshot(): readonly NamedCircuitSnapshot[] {
    return snapshotsOf(this.#panel, this.#localCircuits);
  }

  /**
   * Forces a mode on a circuit that any thread has declared; see {@link CircuitBreaker.force}.
   *
   * @throws PolicyError for a key that no thread has declared
   */
  force(key: string, mode: ForceMode): void {
    const circuit = this.#localCircuits.get(key);
    if (circuit !== undefined) {
      circuit.force(mode);
      return;
    }
    const record =
      this.#panel.find('circuit-breaker', key) ?? this.#undeclared(key, undefined, 'circuits.force');
    force({ memory: this.#panel.memory, record }, mode, this.#panel.now(), (transition) =>
      this.#feed.publishTransition(key, key, record, transition, undefined),
    );
  }

  /**
   * Closes a circuit and forgets its failures, whichever thread declared it; see {@link CircuitBreaker.reset}.
   *
   * @throws PolicyError for a key that no thread has declared
   */
  reset(key: string): void {
    const circuit = this.#localCircuits.get(key);
    if (circuit !== undefined) {
      circuit.reset();
      return;
    }
    const record =
      this.#panel.find('circuit-breaker', key) ?? this.#undeclared(key, undefined, 'circuits.reset');
    reset({ memory: this.#panel.memory, record }, this.#panel.now(), (transition) =>
      this.#feed.publishTransition(key, key, record, transition, undefined),
    );
  }

  /**
   * Removes a circuit, so that another circuit can have its record. Only a closed circuit is removed. A breaker of a
   * removed circuit makes the circuit anew when it is used.
   *
   * @returns whether it was removed
   */
  remove(key: string): boolean {
    const record = this.#panel.find('circuit-breaker', key);
    const isRemoved =
      record !== undefined && this.#panel.remove(record, ({ low }) => phaseOf(low) === Phase.closed);
    if (isRemoved) this.#localCircuits.delete(key);
    return isRemoved;
  }

  /**
   * Frees the records that a thread had reserved when it was killed; see {@link Panel.reclaim}.
   *
   * @param threadId the id of a thread that has ended
   * @returns how many records came free
   */
  reclaim(threadId: number): number {
    return this.#panel.reclaim(threadId);
  }

  /**
   * Calls a listener with the events of all circuits with a name: transitions of every thread, failures and refusals of
   * this thread.
   *
   * @returns a function that ends the subscription
   */
  subscribe(listener: CircuitListener): () => void {
    return this.#feed.subscribe(undefined, listener);
  }

  /**
   * @internal Moves these circuits to another panel. All declarations are made there, and the circuits are new and closed.
   * Functions that are guarded by a key use the circuits there from their next call on. Listeners hear of the circuits there.
   */
  relocateTo(panel: Panel): void {
    const localCircuits = localCircuitsOf(panel);
    this.#localCircuits.relocateTo(localCircuits);
    const feed = feedOf(panel);
    this.#feed.relocateTo(feed);
    this.#panel = panel;
    this.#feed = feed;
    this.#localCircuits = localCircuits;
    panelEpoch.count++;
  }

  /** Whether this thread has declared the key by its name: what arguments have named comes and goes. */
  #isDeclared(key: string): boolean {
    return this.#localCircuits.get(key)?.isPinned === true;
  }

  #breakerOf(circuit: LocalCircuit): CircuitBreaker {
    let breaker = this.#breakers.get(circuit);
    if (breaker === undefined)
      this.#breakers.set(circuit, (breaker = new CircuitBreaker(undefined, { circuit })));
    return breaker;
  }

  /**
   * A circuit that only another thread has declared.
   *
   * @param referredAt given where functions are guarded by it: they look it up again until calls can go through it
   */
  #borrowed(key: string, referredAt: string | undefined): LocalCircuit | undefined {
    const circuit = this.#localCircuits.borrow(key);
    return referredAt !== undefined && circuit !== undefined && circuit.missing.length > 0
      ? undefined
      : circuit;
  }

  #undeclared(key: string, referredAt?: string, method = 'circuits.get'): never {
    // Only declared circuits: not those that key functions have named, and no method's own.
    const keys = this.#localCircuits.keys().filter((one) => this.#isDeclared(one) && shownName(one) === one);
    const suggestion = nearest(key, keys);
    const shown = suggestion === undefined ? keys : [suggestion, ...keys.filter((one) => one !== suggestion)];
    const more = shown.length > MAX_SHOWN ? `, and ${shown.length - MAX_SHOWN} others` : '';
    const elsewhere = this.has(key)
      ? ' (another thread has declared it, with functions that cannot cross threads; this one has to as well)'
      : '';
    const allowed =
      (keys.length === 0
        ? 'a key that was declared; none is'
        : `one of ${shown.slice(0, MAX_SHOWN).join(', ')}${more}`) +
      `${elsewhere} (a key alone refers to a circuit: declare it with its policy, { failureThreshold: 5 } say)`;
    const subject = referredAt === undefined ? method : `the reference to a circuit at ${referredAt}`;
    throw new PolicyError(subject, [
      { path: 'key', received: key, allowed, ...(suggestion === undefined ? {} : { suggestion }) },
    ]);
  }
}

/** The number of keys that a message lists. */
const MAX_SHOWN = 20;

/** All circuits with a key, in every thread of the process. Copies of this package share the registry. */
export const circuits: CircuitRegistry = threadSingleton('registry', () => new CircuitRegistry(defaultPanel));
