import type { CircuitBreakerPolicy, RetryPolicy } from '@switchgear/core';

/** JSON that broke off or is none arrives as a text. */
const isBroken = (result: unknown): boolean => typeof (result as { data?: unknown }).data === 'string';

export const circuit = { failureThreshold: 3, isFailure: isBroken } satisfies CircuitBreakerPolicy;

export const retry: RetryPolicy = {
  retryIf: (outcome) => outcome.status === 'succeeded' && isBroken(outcome.value),
};
