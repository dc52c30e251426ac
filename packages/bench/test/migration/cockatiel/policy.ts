import type { CircuitBreakerPolicy } from '@switchgear/core';
import type { ICountBreakerOptions, ISamplingBreakerOptions } from 'cockatiel';

const common = { successThreshold: 1, expectedErrors: () => true } as const;

/** As `circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(threshold), halfOpenAfter })`. */
export function likeConsecutiveBreaker(threshold: number, halfOpenAfter: number): CircuitBreakerPolicy {
  return { ...common, failureThreshold: threshold, resetTimeout: halfOpenAfter };
}

/** As `circuitBreaker(handleAll, { breaker: new CountBreaker({ … }), halfOpenAfter })`. */
export function likeCountBreaker(
  { threshold, size, minimumNumberOfCalls = size }: ICountBreakerOptions,
  halfOpenAfter: number,
): CircuitBreakerPolicy {
  return {
    ...common,
    window: { calls: size, minimumCalls: minimumNumberOfCalls, failureRate: above(threshold) },
    resetTimeout: halfOpenAfter,
  };
}

/** As `circuitBreaker(handleAll, { breaker: new SamplingBreaker({ … }), halfOpenAfter })`. */
export function likeSamplingBreaker(
  { threshold, duration, minimumRps = 5 / threshold }: ISamplingBreakerOptions,
  halfOpenAfter: number,
): CircuitBreakerPolicy {
  return {
    ...common,
    window: {
      duration,
      minimumCalls: Math.max(1, Math.ceil((minimumRps * duration) / 1_000)),
      failureRate: above(threshold),
    },
    resetTimeout: halfOpenAfter,
  };
}

/** cockatiel opens above its threshold, a window at its rate. */
function above(threshold: number): number {
  return Math.min(1, threshold + 1e-6);
}
