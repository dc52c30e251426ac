import { failureOf } from './failure-of.js';

/**
 * Whether another attempt might fare better: the default of a retry policy's `retryOn`. True for all but
 *
 * - aborts, in the words of all clients; a timeout is retried
 * - refusals of policies, such as `CircuitBreakerError`, also as a cause
 * - answers of a healthy dependency and denials, such as HTTP 404 and 401; contention, such as a deadlock, is retried
 * - what time does not mend: HTTP 501, an expired certificate, a file that is not there
 * - programming errors: the built-in classes such as `ReferenceError` and `TypeError`, failed assertions, faults of a policy
 * - errors that say so themselves, as by `retryable: false`
 *
 * Never throws, whatever it is asked about.
 *
 * @example
 * const charge = withRetry({ retryOn: (error) => isRetryable(error) && !isCardError(error) })(chargeCard);
 */
export function isRetryable(error: unknown): boolean {
  return failureOf(error).transient;
}
