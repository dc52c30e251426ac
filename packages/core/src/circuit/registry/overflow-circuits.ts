import type { Clock } from '../../time/clock.js';
import type { CircuitBreaker } from '../breaker/breaker.js';
import { isPanelFullError } from '../../panel/panel-full-error.js';
import { type LocalCircuits, localCircuitsOf } from '../local/local-circuits.js';
import { Panel } from '../../panel/panel.js';
import type { ReadPolicy } from '../policy/settings.js';
import { type Entry, makeEntry } from './keyed-entry.js';

const MAX_CIRCUITS = 1_000;

/** The circuits of this thread for keys that had no room among the shared circuits. The oldest is removed first. */
export class OverflowCircuits<T> {
  #panel: Panel;
  #localCircuits: LocalCircuits;
  readonly #policy: ReadPolicy;
  readonly #declaredAt: string;
  readonly #make: (breaker: CircuitBreaker) => T;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(shared: Panel, policy: ReadPolicy, declaredAt: string, make: (breaker: CircuitBreaker) => T) {
    this.#panel = emptyPanel(shared.clock);
    this.#localCircuits = localCircuitsOf(this.#panel);
    this.#policy = policy;
    this.#declaredAt = declaredAt;
    this.#make = make;
  }

  get(key: string): Entry<T> | undefined {
    return this.#entries.get(key);
  }

  add(key: string): Entry<T> {
    const [oldest = key] = this.#entries.keys();
    if (this.#entries.size === MAX_CIRCUITS) this.delete(oldest);
    for (;;) {
      try {
        const entry = makeEntry(key, this.#localCircuits, this.#policy, this.#declaredAt, this.#make);
        this.#entries.set(key, entry);
        return entry;
      } catch (error) {
        if (!isPanelFullError(error)) throw error;
        this.#makeRoom();
      }
    }
  }

  /**
   * Removes the oldest circuit. If there is none, makes a new panel, because names of other lengths may have claimed all
   * pages of the memory.
   */
  #makeRoom(): void {
    for (const oldest of this.#entries.keys()) {
      this.delete(oldest);
      return;
    }
    this.#panel = emptyPanel(this.#panel.clock);
    this.#localCircuits = localCircuitsOf(this.#panel);
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#localCircuits.delete(key);
    this.#panel.remove(entry.circuit.record, () => true);
  }
}

function emptyPanel(clock: Clock): Panel {
  return new Panel({ circuits: MAX_CIRCUITS, clock });
}
