import { isRetryable, type RetryPolicy } from '@switchgear/core';
import type { Options } from 'p-retry';

/** The policy that makes the attempts of `pRetry` with these options, and waits as long between them. */
export function policyLikePRetry({
  retries = 10,
  minTimeout = 1_000,
  factor = 2,
  maxTimeout = Infinity,
  randomize = false,
}: Options): RetryPolicy {
  if (randomize) throw new RangeError('take the jitter that fits; "equal" is nearest');
  return {
    maxRetries: retries,
    initialDelay: Math.min(minTimeout, maxTimeout),
    factor,
    maxDelay: Number.isFinite(maxTimeout) ? maxTimeout : '365d',
    jitter: 'none',
    maxElapsed: Infinity,
    respectRetryAfter: false,
    // A TypeError ends it, unless it is the one of a fetch that failed.
    retryOn: (error) => !(error instanceof TypeError) || isRetryable(error),
  };
}
