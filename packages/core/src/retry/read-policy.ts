import { type AbortSignalLike, isSignal } from '../call/abort.js';
import { isAsyncFunction } from '../call/function-kind.js';
import { isRetryable } from '../failure/is-retryable.js';
import { compileMatcher } from '../options/matcher.js';
import { OptionReader } from '../options/option-reader.js';
import { FOREIGN_NAMES } from './foreign-names.js';
import type { RetryPolicy, RetrySettings } from './policy.js';
import { MAX_DURATION, readDelays } from './read-delays.js';

const DEFAULT_MAX_RETRIES = 3;
const DEFAULT_MAX_ELAPSED = 30_000;
const DEFAULT_MAX_RETRY_AFTER = 3_600_000;

/**
 * Reads a policy.
 *
 * @throws PolicyError with everything that is wrong with it
 */
export function readRetryPolicy(policy: RetryPolicy = {}): RetrySettings {
  const read = new OptionReader<RetryPolicy>('RetryPolicy', policy, { foreignNames: FOREIGN_NAMES });
  const list = read.raw('delays');
  const maxRetries = read.integer('maxRetries', {
    default: Array.isArray(list) ? list.length : DEFAULT_MAX_RETRIES,
    orInfinity: true,
  });
  const maxElapsed = read.duration('maxElapsed', {
    default: maxRetries === Infinity ? Infinity : DEFAULT_MAX_ELAPSED,
    min: 1,
    max: MAX_DURATION,
    orInfinity: true,
  });
  const delays = readDelays(read, maxElapsed);
  const retryOn = read.matcher('retryOn');
  const retryIf = readRetryIf(read);
  const onRetry = read.callback('onRetry');
  const onGiveUp = read.callback('onGiveUp');
  const respectRetryAfter = read.boolean('respectRetryAfter', { default: true });
  const maxRetryAfter = readMaxRetryAfter(read, maxElapsed, respectRetryAfter);
  const waitForCircuit = read.boolean('waitForCircuit', { default: false });
  const signal = readSignal(read);
  read.finish();
  return Object.freeze({
    maxRetries,
    maxElapsed,
    countsFirstAttempt: read.raw('maxElapsed') !== undefined && maxElapsed !== Infinity,
    ...delays,
    takesError: retryOn === undefined ? isRetryable : compileMatcher(retryOn),
    retryIf,
    onRetry,
    onGiveUp,
    respectRetryAfter,
    maxRetryAfter,
    waitForCircuit,
    signal,
  });
}

function readRetryIf(read: OptionReader<RetryPolicy>): RetryPolicy['retryIf'] {
  const retryIf = read.callback('retryIf');
  // Its promise would be true for every outcome.
  if (retryIf !== undefined && isAsyncFunction(retryIf)) {
    read.fault('retryIf', 'a function that returns true or false, at once');
  }
  return retryIf;
}

function readMaxRetryAfter(
  read: OptionReader<RetryPolicy>,
  maxElapsed: number,
  respectRetryAfter: boolean,
): number {
  const maxRetryAfter = read.duration('maxRetryAfter', {
    default: maxElapsed === Infinity ? DEFAULT_MAX_RETRY_AFTER : maxElapsed,
    max: MAX_DURATION,
    orInfinity: true,
  });
  if (read.raw('maxRetryAfter') !== undefined && !respectRetryAfter) {
    read.fault('maxRetryAfter', 'nothing beside respectRetryAfter: false, which waits for no Retry-After');
  }
  return maxRetryAfter;
}

function readSignal(read: OptionReader<RetryPolicy>): AbortSignalLike | undefined {
  const signal = read.raw('signal');
  if (signal === undefined || isSignal(signal)) return signal;
  read.fault('signal', 'an AbortSignal');
  return undefined;
}
