import { isFailedResult, isRetryable, type CircuitBreakerPolicy, type RetryPolicy } from '@switchgear/core';

/** For clients that resolve whatever the status: which results the circuit counts as failures. */
export const circuit = { failureThreshold: 3, isFailure: isFailedResult } satisfies CircuitBreakerPolicy;

/** And which are tried again: not a 501, for one. */
export const retry: RetryPolicy = {
  retryIf: (outcome) =>
    outcome.status === 'succeeded' && isFailedResult(outcome.value) && isRetryable(outcome.value),
};
