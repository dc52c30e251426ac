import { CircuitBreaker } from '../breaker/breaker.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import type { LocalCircuits } from '../local/local-circuits.js';
import type { ReadPolicy } from '../policy/settings.js';

/** One circuit, and the value that was made for it. */
export interface Entry<T> {
  readonly key: string;
  readonly circuit: LocalCircuit;
  readonly value: T;
}

/**
 * The circuit of a key, made if there is none.
 *
 * @throws KeyConflictError if the key has another policy
 * @throws PanelFullError if the panel has no room for the circuit
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
