import { failureOf, type CircuitBreakerPolicy } from '@switchgear/core';

/** For calls that are aborted by a signal that is none of their arguments. */
export const circuit = {
  failureThreshold: 3,
  excludedErrors: (error) => failureOf(error).kind === 'abort',
} satisfies CircuitBreakerPolicy;
