import { isPanelFullError, PolicyError } from '../errors.js';
import { CircuitBreaker } from './breaker.js';
import type { Gate } from './gate.js';
import { type Gates, gatesOf } from './gates.js';
import { hubOf } from './hub.js';
import { Panel } from './panel.js';
import { isStanding } from './place.js';
import { allowedInsteadOf, type ReadPolicy } from './policy.js';
import { waitFor } from './report.js';
import { markUsed, wasIdle } from './use.js';
import { Phase, phaseOf, readWord, type Word } from './word.js';

/** One circuit, and what was made for calls under it. */
interface Entry<T> {
  readonly key: string;
  readonly gate: Gate;
  readonly value: T;
}

/** What only this thread knows needs no more room than this. */
const MOST_PRIVATE = 1_000;

/** How far the hand goes for one more circuit after it has gone all the way round in vain. */
const FEW = 16;

/**
 * The circuits that one declaration has for the keys of its calls, never more than so many.
 *
 * The circuits are on a clock's face. For a new key the hand goes round and takes the mark of use from each circuit it
 * passes; the first that nobody has used since the hand was last there makes room, if it is closed. If none is, one that
 * would let a probe through does: little is lost, the next call under its key would have been let through as well. If none
 * of these is either, all circuits have a reason to stand, and the new key gets a circuit that only this thread knows.
 *
 * (The algorithm is CLOCK: F. J. Corbató, A Paging Experiment with the Multics System, 1968.)
 */
export class KeyedCircuits<T> {
  readonly #panel: Panel;
  readonly #gates: Gates;
  readonly #policy: ReadPolicy;
  readonly #max: number;
  readonly #declaredAt: string;
  readonly #make: (breaker: CircuitBreaker) => T;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #face: Entry<T>[] = [];
  #hand = 0;
  #isCrowded = false;
  #private: PrivateCircuits<T> | undefined;

  /** @param make makes what is kept for each circuit */
  constructor(
    panel: Panel,
    policy: ReadPolicy & { readonly maxCircuits: number },
    declaredAt: string,
    make: (breaker: CircuitBreaker) => T,
  ) {
    this.#panel = panel;
    this.#gates = gatesOf(panel);
    this.#policy = policy;
    this.#max = policy.maxCircuits;
    this.#declaredAt = declaredAt;
    this.#make = make;
  }

  /**
   * What was made for the circuit of that name.
   *
   * @throws PolicyError for a name that cannot be one
   * @throws KeyConflictError if it stands for another policy
   */
  at(key: string): T {
    const entry = this.#entries.get(key);
    // Another declaration in this thread may have made it make room; then it is to be found anew.
    if (entry !== undefined && this.#gates.get(key) === entry.gate) {
      markUsed(this.#panel.memory, entry.gate.place.at);
      return entry.value;
    }
    return this.#enter(key, entry).value;
  }

  #enter(key: string, stale: Entry<T> | undefined): Entry<T> {
    const withdrawn = this.#private?.get(key);
    // It stays in this thread while it knows something.
    if (withdrawn !== undefined && !isClosed(readWord(withdrawn.gate.memory, withdrawn.gate.place.at))) {
      return withdrawn;
    }
    const entry = this.#share(key, stale) ?? withdrawn ?? this.#withdraw(key);
    if (entry !== withdrawn && withdrawn !== undefined) this.#private?.delete(key);
    return entry;
  }

  /** A circuit that all threads share, if there is room for one. */
  #share(key: string, stale: Entry<T> | undefined): Entry<T> | undefined {
    const isFaceFull = this.#face.length >= this.#max;
    let slot = stale === undefined ? this.#face.length : this.#face.indexOf(stale);
    let entry = stale === undefined && isFaceFull ? undefined : this.#tryMake(key);
    if (entry === undefined) {
      const room = this.#room();
      if (room === undefined) return undefined;
      slot = room;
      entry = this.#tryMake(key);
    }
    if (entry === undefined) return undefined;
    const before = this.#face.at(slot);
    if (before !== undefined && this.#entries.get(before.key) === before) this.#entries.delete(before.key);
    this.#face[slot] = entry;
    this.#entries.set(key, entry);
    return entry;
  }

  /** Undefined where the panel is full. */
  #tryMake(key: string): Entry<T> | undefined {
    try {
      return makeEntry(key, this.#gates, this.#policy, this.#declaredAt, this.#make);
    } catch (error) {
      if (isPanelFullError(error)) return undefined;
      throw error;
    }
  }

  #withdraw(key: string): Entry<T> {
    if (this.#private === undefined) {
      this.#private = new PrivateCircuits(this.#panel, this.#policy, this.#declaredAt, this.#make);
      process.emitWarning(tooMany(key, this.#max, this.#declaredAt), { type: 'SwitchgearWarning' });
    }
    const entry = this.#private.add(key);
    hubOf(this.#panel).publish(key, {
      type: 'warning',
      circuit: key,
      code: 'too-many-circuits',
      message: tooMany(key, this.#max, this.#declaredAt),
      cause: undefined,
    });
    return entry;
  }

  /** Where a circuit has made room for another; undefined where none does. */
  #room(): number | undefined {
    if (this.#face.length === 0) return undefined;
    // Whoever found nothing looks only at a few for the next key: a storm of keys must not cost a round each.
    const steps = this.#isCrowded ? FEW : 2 * this.#face.length + 1;
    let second: number | undefined;
    for (let step = 0; step < steps; step++) {
      const slot = this.#hand;
      this.#hand = (slot + 1) % this.#face.length;
      const { gate } = this.#face[slot];
      const word = readWord(gate.memory, gate.place.at);
      const isGone = !isStanding(gate.memory, gate.place, word);
      if (!isGone && !wasIdle(gate.memory, gate.place.at)) continue;
      if (isGone || this.#remove(slot, isClosed)) return this.#clear(slot);
      if (second === undefined && this.#wouldProbe(gate, word)) second = slot;
    }
    this.#isCrowded = true;
    if (second === undefined) return undefined;
    const { gate } = this.#face[second];
    return this.#remove(second, (word) => this.#wouldProbe(gate, word)) ? this.#clear(second) : undefined;
  }

  #remove(slot: number, isRemovable: (word: Word) => boolean): boolean {
    return this.#panel.remove(this.#face[slot].gate.place, isRemovable);
  }

  #clear(slot: number): number {
    const entry = this.#face[slot];
    const { key, gate } = entry;
    this.#isCrowded = false;
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    if (this.#gates.get(key) === gate) this.#gates.delete(key);
    return slot;
  }

  #wouldProbe(gate: Gate, word: Word): boolean {
    const phase = phaseOf(word.low);
    return (phase === Phase.open || phase === Phase.halfOpen) && waitFor(gate, word, this.#panel.now()) === 0;
  }
}

/** Circuits of this thread for keys that found no room among the shared ones; the oldest goes first. */
class PrivateCircuits<T> {
  readonly #panel: Panel;
  readonly #gates: Gates;
  readonly #policy: ReadPolicy;
  readonly #declaredAt: string;
  readonly #make: (breaker: CircuitBreaker) => T;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(shared: Panel, policy: ReadPolicy, declaredAt: string, make: (breaker: CircuitBreaker) => T) {
    this.#panel = new Panel({ circuits: MOST_PRIVATE, clock: shared.clock });
    this.#gates = gatesOf(this.#panel);
    this.#policy = policy;
    this.#declaredAt = declaredAt;
    this.#make = make;
  }

  get(key: string): Entry<T> | undefined {
    return this.#entries.get(key);
  }

  add(key: string): Entry<T> {
    const [oldest = key] = this.#entries.keys();
    if (this.#entries.size === MOST_PRIVATE) this.delete(oldest);
    const entry = makeEntry(key, this.#gates, this.#policy, this.#declaredAt, this.#make);
    this.#entries.set(key, entry);
    return entry;
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#gates.delete(key);
    this.#panel.remove(entry.gate.place, () => true);
  }
}

function makeEntry<T>(
  key: string,
  gates: Gates,
  { settings, callbacks }: ReadPolicy,
  declaredAt: string,
  make: (breaker: CircuitBreaker) => T,
): Entry<T> {
  const allowed = allowedInsteadOf(key);
  if (allowed !== undefined) {
    throw new PolicyError('CircuitBreakerPolicy', [{ path: 'key()', received: key, allowed }]);
  }
  const gate = gates.declare(key, settings, callbacks, declaredAt, false);
  return { key, gate, value: make(new CircuitBreaker(undefined, { gate })) };
}

function isClosed({ low }: Word): boolean {
  return phaseOf(low) === Phase.closed;
}

function tooMany(key: string, max: number, declaredAt: string): string {
  return (
    `no room for circuit "${key}": all ${max} circuits of ${declaredAt} are in use or refuse calls; ` +
    'only this thread knows the circuit. Allow more with maxCircuits'
  );
}
