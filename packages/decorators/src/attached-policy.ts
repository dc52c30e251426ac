import type { CircuitBreakerPolicy, RetryPolicy } from '@switchgear/core';

/** A policy of a method or a class, as a decorator has attached it. */
export type AttachedPolicy = AttachedCircuitBreaker | AttachedRetry | AttachedCircuits;

export interface AttachedCircuitBreaker {
  readonly kind: 'circuit-breaker';
  /** The name of the circuit, or the key function; undefined where the circuit is the method's own. */
  readonly key: string | ((this: never, ...args: never[]) => string) | undefined;
  /** The policy as it was written; undefined where it was written elsewhere. */
  readonly policy: Omit<CircuitBreakerPolicy, 'key'> | undefined;
}

export interface AttachedRetry {
  readonly kind: 'retry';
  /** The policy as it was written. */
  readonly policy: RetryPolicy;
}

export interface AttachedCircuits {
  readonly kind: 'circuits';
  /** The policies that the class declares, by key, as they were written. */
  readonly policies: Readonly<Record<string, CircuitBreakerPolicy>>;
}
