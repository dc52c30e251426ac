import type { CircuitBreakerPolicy, RetryPolicy } from '@switchgear/core';

/** A policy that a decorator has put on a method, or on a class. */
export type AttachedPolicy = AttachedCircuitBreaker | AttachedRetry | AttachedCircuits;

export interface AttachedCircuitBreaker {
  readonly kind: 'circuit-breaker';
  /** The name of the circuit, or the function that names it; undefined where the circuit is the method's own. */
  readonly key: string | ((this: never, ...args: never[]) => string) | undefined;
  /** As it was written; undefined where it was written elsewhere. */
  readonly policy: Omit<CircuitBreakerPolicy, 'key'> | undefined;
}

export interface AttachedRetry {
  readonly kind: 'retry';
  /** As it was written. */
  readonly policy: RetryPolicy;
}

export interface AttachedCircuits {
  readonly kind: 'circuits';
  /** The policies that a class declares, by key, as they were written. */
  readonly policies: Readonly<Record<string, CircuitBreakerPolicy>>;
}
