import { warnUser } from '../../call/user-warning.js';
import { PolicyError } from '../../errors/policy-error.js';
import type { CircuitBreaker } from '../breaker/breaker.js';
import { isPanelFullError } from '../../panel/panel-full-error.js';
import { aboutCircuit } from '../events/circuit-event.js';
import { feedOf } from '../events/transition-feed.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import { type LocalCircuits, localCircuitsOf } from '../local/local-circuits.js';
import { waitFor } from '../local/snapshot.js';
import { isAlive } from '../../panel/record.js';
import { Phase, phaseOf } from '../memory/word.js';
import { readWord, type Word } from '../../panel/word.js';
import type { Panel } from '../../panel/panel.js';
import { markUsed, wasIdle } from '../../panel/usage-mark.js';
import { allowedInsteadOf } from '../../panel/record-key.js';
import type { ReadPolicy } from '../policy/settings.js';
import { type Entry, makeEntry } from './keyed-entry.js';
import { OverflowCircuits } from './overflow-circuits.js';

/** The number of circuits that the hand looks at for a new key after a whole round without a circuit to evict. */
const STEPS_WHEN_CROWDED = 16;

/**
 * The circuits of one declaration for the keys of its calls, at most `maxCircuits` of them.
 *
 * Evicts by the CLOCK algorithm (F. J. Corbató, A Paging Experiment with the Multics System, 1968). The circuits are in a
 * circle. For a new key, a hand goes round the circle and clears the mark of use of each circuit that it passes. A circuit
 * whose mark is clear already was not used for a round. The hand evicts:
 *
 * 1. the first such circuit that is closed,
 * 2. otherwise the first that would admit a probe, because its next call would have been admitted anyway.
 *
 * If there is neither, the new key gets a circuit that only this thread knows.
 */
export class KeyedCircuits<T> {
  readonly #panel: Panel;
  readonly #localCircuits: LocalCircuits;
  readonly #policy: ReadPolicy;
  readonly #max: number;
  readonly #declaredAt: string;
  readonly #make: (breaker: CircuitBreaker) => T;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #face: Entry<T>[] = [];
  #hand = 0;
  #isCrowded = false;
  #private: OverflowCircuits<T> | undefined;

  /** @param make makes the value for each circuit */
  constructor(
    panel: Panel,
    policy: ReadPolicy & { readonly maxCircuits: number },
    declaredAt: string,
    make: (breaker: CircuitBreaker) => T,
  ) {
    this.#panel = panel;
    this.#localCircuits = localCircuitsOf(panel);
    this.#policy = policy;
    this.#max = policy.maxCircuits;
    this.#declaredAt = declaredAt;
    this.#make = make;
  }

  /**
   * The value for the circuit of that name, made if there is none.
   *
   * @throws PolicyError for a text that cannot be a name
   * @throws KeyConflictError if the name has another policy
   */
  at(key: string): T {
    const entry = this.#entries.get(key);
    // Another declaration or another thread may have evicted the circuit.
    if (entry !== undefined && this.#localCircuits.get(key) === entry.circuit && entry.circuit.isAlive) {
      markUsed(this.#panel.memory, entry.circuit.record.at);
      return entry.value;
    }
    const allowed = allowedInsteadOf(key);
    // Checked before any circuit is evicted for the key.
    if (allowed !== undefined) {
      throw new PolicyError('CircuitBreakerPolicy', [{ path: 'key()', received: key, allowed }]);
    }
    return this.#enter(key, entry).value;
  }

  /** The value for the circuit of that name, if the circuit exists, in this thread or in another. */
  existing(key: string): T | undefined {
    const entry = this.#entries.get(key) ?? this.#private?.get(key);
    if (entry !== undefined) return entry.value;
    return this.#panel.find('circuit-breaker', key) === undefined ? undefined : this.at(key);
  }

  #enter(key: string, stale: Entry<T> | undefined): Entry<T> {
    const privateEntry = this.#private?.get(key);
    // A circuit that has opened stays private, because a shared one would be closed.
    if (
      privateEntry !== undefined &&
      !isClosed(readWord(privateEntry.circuit.memory, privateEntry.circuit.record.at))
    ) {
      return privateEntry;
    }
    const entry = this.#share(key, stale) ?? privateEntry ?? this.#makePrivate(key);
    if (entry !== privateEntry && privateEntry !== undefined) this.#private?.delete(key);
    return entry;
  }

  /** A circuit that all threads share, if there is room for one. */
  #share(key: string, stale: Entry<T> | undefined): Entry<T> | undefined {
    const staleSlot = stale === undefined ? -1 : this.#face.indexOf(stale);
    // A circuit that is declared by its name exists anyway, and does not count towards maxCircuits.
    const isPinned = this.#localCircuits.get(key)?.isPinned === true;
    const hasRoom = isPinned || staleSlot !== -1 || this.#face.length < this.#max;
    let entry = hasRoom ? this.#tryMake(key) : undefined;
    let slot = staleSlot === -1 ? this.#face.length : staleSlot;
    if (entry === undefined) {
      const room = this.#room();
      if (room === undefined) return undefined;
      slot = room;
      entry = this.#tryMake(key);
      if (entry === undefined) return undefined;
      this.#hand = (slot + 1) % this.#face.length;
    }
    this.#entries.set(key, entry);
    if (!isPinned) this.#put(entry, slot);
    return entry;
  }

  #put(entry: Entry<T>, slot: number): void {
    const before = this.#face.at(slot);
    if (before !== undefined && this.#entries.get(before.key) === before) this.#entries.delete(before.key);
    this.#face[slot] = entry;
  }

  /** Undefined where the panel is full. */
  #tryMake(key: string): Entry<T> | undefined {
    try {
      return makeEntry(key, this.#localCircuits, this.#policy, this.#declaredAt, this.#make);
    } catch (error) {
      if (isPanelFullError(error)) return undefined;
      throw error;
    }
  }

  #makePrivate(key: string): Entry<T> {
    if (this.#private === undefined) {
      this.#private = new OverflowCircuits(this.#panel, this.#policy, this.#declaredAt, this.#make);
      warnUser(tooMany(key, this.#max, this.#declaredAt));
    }
    const entry = this.#private.add(key);
    feedOf(this.#panel).publish(key, {
      type: 'warning',
      ...aboutCircuit(key),
      code: 'too-many-circuits',
      message: tooMany(key, this.#max, this.#declaredAt),
      cause: undefined,
    });
    return entry;
  }

  /** Evicts a circuit, and returns its position in the circle; undefined if no circuit can be evicted. */
  #room(): number | undefined {
    if (this.#face.length === 0) return undefined;
    // After a round in vain, the next keys look at a few circuits only: many new keys must not cost a round each.
    const steps = this.#isCrowded ? STEPS_WHEN_CROWDED : 2 * this.#face.length + 1;
    let second: number | undefined;
    for (let step = 0; step < steps; step++) {
      const slot = this.#hand;
      this.#hand = (slot + 1) % this.#face.length;
      const { circuit } = this.#face[slot];
      const word = readWord(circuit.memory, circuit.record.at);
      const isGone = !isAlive(circuit.memory, circuit.record, word);
      if (!isGone && !wasIdle(circuit.memory, circuit.record.at)) continue;
      if (isGone || this.#remove(slot, isClosed)) return this.#clear(slot);
      if (second === undefined && this.#wouldProbe(circuit, word)) second = slot;
    }
    this.#isCrowded = true;
    if (second === undefined) return undefined;
    const { circuit } = this.#face[second];
    return this.#remove(second, (word) => this.#wouldProbe(circuit, word)) ? this.#clear(second) : undefined;
  }

  #remove(slot: number, isRemovable: (word: Word) => boolean): boolean {
    return this.#panel.remove(this.#face[slot].circuit.record, isRemovable);
  }

  #clear(slot: number): number {
    const entry = this.#face[slot];
    const { key, circuit } = entry;
    this.#isCrowded = false;
    // If the new circuit cannot be made, this free position is the first that the next key looks at.
    this.#hand = slot;
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    if (this.#localCircuits.get(key) === circuit) this.#localCircuits.delete(key);
    return slot;
  }

  #wouldProbe(circuit: LocalCircuit, word: Word): boolean {
    const phase = phaseOf(word.low);
    return (
      (phase === Phase.open || phase === Phase.halfOpen) && waitFor(circuit, word, this.#panel.now()) === 0
    );
  }
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
