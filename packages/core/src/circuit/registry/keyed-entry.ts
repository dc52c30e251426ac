import { CircuitBreaker } from '../breaker/breaker.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import type { LocalCircuits } from '../local/local-circuits.js';
import type { ReadPolicy } from '../policy/settings.js';

/** One circuit, and what was made for calls under it. */
export interface Entry<T> {
  readonly key: string;
  readonly circuit: LocalCircuit;
  readonly value: T;
}

/**
 * A circuit for a key, made if there is none.
 *
 * @throws KeyConflictError if the key stands for another policy
 * @throws PanelFullError if there is no room for it
 */
export function makeEntry<T>(
  key: string,
  localCircuits: LocalCircuits,
  { settings, callbacks }: ReadPolicy,
  declaredAt: string,
  make: (breaker: CircuitBreaker) => T,
): Entry<T> {
  const circuit = localCircuits.declare(key, settings, callbacks, declaredAt, false);
  circuit.ensureExists();
  return { key, circuit, value: make(new CircuitBreaker(undefined, { circuit })) };
}
