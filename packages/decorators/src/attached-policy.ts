import type {
  BulkheadPolicy,
  CircuitBreakerPolicy,
  DeadlinePolicy,
  RateLimitPolicy,
  RetryPolicy,
  TimeoutPolicy,
} from '@switchgear/core';

/** A policy of a method or a class, as a decorator has attached it. */
export type AttachedPolicy =
  | AttachedBulkhead
  | AttachedCircuitBreaker
  | AttachedCircuits
  | AttachedDeadline
  | AttachedRateLimit
  | AttachedRetry
  | AttachedTimeout;

export interface AttachedBulkhead {
  readonly kind: 'bulkhead';
  /** The name of the bulkhead; undefined where it is the method's own. */
  readonly key: string | undefined;
  /** The policy as it was written, a number as `maxConcurrent`; undefined where it was written elsewhere. */
  readonly policy: BulkheadPolicy | undefined;
}

export interface AttachedCircuitBreaker {
  readonly kind: 'circuit-breaker';
  /** The name of the circuit, or the key function; undefined where the circuit is the method's own. */
  readonly key: string | ((this: never, ...args: never[]) => string) | undefined;
  /** The policy as it was written; undefined where it was written elsewhere. */
  readonly policy: Omit<CircuitBreakerPolicy, 'key'> | undefined;
}

export interface AttachedDeadline {
  readonly kind: 'deadline';
  /** The policy as it was written. */
  readonly policy: DeadlinePolicy;
}

export interface AttachedTimeout {
  readonly kind: 'timeout';
  /** The policy as it was written. */
  readonly policy: TimeoutPolicy;
}

export interface AttachedRateLimit {
  readonly kind: 'rate-limit';
  /** The name of the limit; undefined where it is the method's own. */
  readonly key: string | undefined;
  /** The policy as it was written, a number as `limit`. */
  readonly policy: RateLimitPolicy;
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
