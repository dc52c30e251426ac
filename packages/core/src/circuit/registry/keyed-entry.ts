import { CircuitBreaker } from '../breaker/breaker.js';
import type { Gate } from '../local/local-circuit.js';
import type { Gates } from '../local/local-circuits.js';
import type { ReadPolicy } from '../policy/settings.js';

/** One circuit, and what was made for calls under it. */
export interface Entry<T> {
  readonly key: string;
  readonly gate: Gate;
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
  gates: Gates,
  { settings, callbacks }: ReadPolicy,
  declaredAt: string,
  make: (breaker: CircuitBreaker) => T,
): Entry<T> {
  const gate = gates.declare(key, settings, callbacks, declaredAt, false);
  gate.stand();
  return { key, gate, value: make(new CircuitBreaker(undefined, { gate })) };
}
