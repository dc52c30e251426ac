import type { CircuitBreakerPolicy } from '@switchgear/core';
import type { Options } from 'opossum';

/** The policy that opens, refuses and probes as an opossum breaker of these options does. */
export function policyLikeOpossum({
  volumeThreshold = 0,
  errorThresholdPercentage = 50,
  rollingCountTimeout = 10_000,
  resetTimeout = 30_000,
}: Options): CircuitBreakerPolicy {
  return {
    window: {
      duration: rollingCountTimeout,
      minimumCalls: Math.max(1, volumeThreshold),
      failureRate: errorThresholdPercentage / 100 + 1e-6, // opossum opens above its percentage, a window at its rate
    },
    successThreshold: 1,
    resetTimeout,
    expectedErrors: () => true, // every rejection is a failure, HTTP 404 too
  };
}
