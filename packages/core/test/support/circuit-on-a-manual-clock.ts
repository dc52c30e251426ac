import { CircuitBreaker, type CircuitBreakerPolicy, Panel } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';

export interface CircuitOnAManualClock {
  readonly breaker: CircuitBreaker;
  readonly clock: ManualClock;
  readonly panel: Panel;
  /** Another breaker of the same panel. */
  readonly another: (policy?: CircuitBreakerPolicy) => CircuitBreaker;
}

/** A circuit in a small panel of its own, whose clock stands still until a spec moves it. */
export function circuit(policy: CircuitBreakerPolicy = {}): CircuitOnAManualClock {
  const clock = new ManualClock(1_000);
  const panel = new Panel({ circuits: 8, memory: 2 ** 18, clock });
  const another = (other?: CircuitBreakerPolicy) => new CircuitBreaker(other, { panel });
  return { breaker: another(policy), clock, panel, another };
}
