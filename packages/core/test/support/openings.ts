import type { CircuitBreaker, CircuitBreakerPolicy } from '@switchgear/core';
import { fail } from './calls.js';
import { circuit, type CircuitOnAManualClock } from './circuit-on-a-manual-clock.js';

/** One failure opens it, for 100 ms. */
export const BRITTLE = { failureThreshold: 1, resetTimeout: 100 } as const;

/** One failure opens it, for longer than any spec: for circuits on the clock of the system. */
export const LASTING = { failureThreshold: 1, resetTimeout: '1h' } as const;

/** Fails until the circuit is open. */
function trip(breaker: CircuitBreaker): void {
  for (let tries = 0; breaker.state === 'closed' && tries < 1_000; tries++) fail(breaker);
}

/** A circuit that has opened just now; for 100 ms unless the policy says otherwise. */
export function openCircuit(policy: CircuitBreakerPolicy = {}): CircuitOnAManualClock {
  const made = circuit({ ...BRITTLE, ...policy });
  trip(made.breaker);
  return made;
}

/** A circuit that has been open for its 100 ms: the next call is a probe. */
export function probingCircuit(policy: CircuitBreakerPolicy = {}): CircuitOnAManualClock {
  const made = openCircuit({ resetTimeout: 100, ...policy });
  made.clock.advance(100);
  return made;
}
