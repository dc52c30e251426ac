import { isAsyncFunction } from '../call/function-kind.js';
import type { Failed, Succeeded } from '../call/outcome.js';
import { isRetryable } from '../failure/is-retryable.js';
import { compileMatcher, type ErrorMatcher } from '../options/matcher.js';
import { OptionReader } from '../options/option-reader.js';
import { type Duration, formatDuration } from '../time/duration.js';
import type { Backoff, Jitter } from './backoff.js';

/** What became of one attempt. */
export type AttemptOutcome = Succeeded<unknown> | Failed;

/** Which attempts are made again, how often, and after which delays. */
export interface RetryPolicy {
  /** Attempts after the first; `Infinity` for no end. Default 3. */
  readonly maxRetries?: number;
  /** What the delay before the first retry is made of. Default `'100ms'`, or `maxDelay` if that is less. */
  readonly initialDelay?: Duration;
  /** No delay is longer, jitter included; only a `Retry-After` may be. Default `'60s'`. */
  readonly maxDelay?: Duration;
  /** By which the delay grows with each retry; 1 to 1000. Default 2. */
  readonly factor?: number;
  /** How delays are spread. Default `'full'`: anything from nothing to the whole delay. */
  readonly jitter?: Jitter;
  /** Which errors are tried again. Default {@link isRetryable}. */
  readonly retryOn?: ErrorMatcher;
  /**
   * Which outcomes are tried again, besides the errors of `retryOn`: results, and errors that `retryOn` does not take. The result of the
   * last attempt is returned as it is.
   *
   * @param attempt the number of the attempt that ended so; 1 is the first call
   */
  retryIf?(outcome: AttemptOutcome, attempt: number): boolean;
  /**
   * Called before each wait.
   *
   * @param error what the attempt threw; undefined where `retryIf` wants another result
   * @param attempt the number of the attempt that ended so; 1 is the first call
   * @param delay how long the wait will be, in ms
   */
  onRetry?(error: unknown, attempt: number, delay: number): void;
  /**
   * No attempt begins later than this after the call; an attempt that runs is not stopped. `Infinity` for no limit. Default: 30 s after the
   * first attempt has failed, however long that took, which spares calls that need no retry a reading of the clock; no limit with
   * `maxRetries: Infinity`.
   */
  readonly maxElapsed?: Duration;
  /** Whether to wait as long as an HTTP `Retry-After` says, or give up at once if `maxElapsed` leaves no time for that. Default true. */
  readonly respectRetryAfter?: boolean;
  /** Whether to wait for a circuit that refuses, rather than fail at once. Such waits use up no retries. Default false. */
  readonly waitForCircuit?: boolean;
  /** Ends the wait when it aborts; then nothing is called again. So does a signal among the arguments of the call. */
  readonly signal?: AbortSignal;
}

/** A policy read, checked and completed. Frozen. Times are ms. */
export interface RetrySettings extends Backoff {
  readonly maxRetries: number;
  readonly maxElapsed: number;
  /** Whether `maxElapsed` counts from when the first attempt began, or from when it had failed. */
  readonly countsFirstAttempt: boolean;
  readonly takesError: (error: unknown) => boolean;
  readonly retryIf: RetryPolicy['retryIf'] | undefined;
  readonly onRetry: RetryPolicy['onRetry'] | undefined;
  readonly respectRetryAfter: boolean;
  readonly waitForCircuit: boolean;
  readonly signal: AbortSignal | undefined;
}

const YEAR = 365 * 86_400_000;
const DEFAULT_INITIAL_DELAY = 100;
const DEFAULT_MAX_DELAY = 60_000;
const DEFAULT_MAX_ELAPSED = 30_000;

/**
 * Reads a policy.
 *
 * @throws PolicyError with everything that is wrong with it
 */
export function readRetryPolicy(policy: RetryPolicy = {}): RetrySettings {
  const read = new OptionReader<RetryPolicy>('RetryPolicy', policy);
  const maxRetries = read.integer('maxRetries', { default: 3, orInfinity: true });
  const maxElapsed = read.duration('maxElapsed', {
    default: maxRetries === Infinity ? Infinity : DEFAULT_MAX_ELAPSED,
    min: 1,
    max: YEAR,
    orInfinity: true,
  });
  const delays = readDelays(read, maxElapsed);
  const factor = read.number('factor', { default: 2, min: 1, max: 1000 });
  const jitter = read.oneOf('jitter', ['full', 'equal', 'decorrelated', 'none'], { default: 'full' });
  const retryOn = read.matcher('retryOn');
  const retryIf = readRetryIf(read);
  const onRetry = read.callback('onRetry');
  const respectRetryAfter = read.boolean('respectRetryAfter', { default: true });
  const waitForCircuit = read.boolean('waitForCircuit', { default: false });
  const signal = readSignal(read);
  read.finish();
  return Object.freeze({
    maxRetries,
    maxElapsed,
    countsFirstAttempt: read.raw('maxElapsed') !== undefined && maxElapsed !== Infinity,
    ...delays,
    factor,
    jitter,
    takesError: retryOn === undefined ? isRetryable : compileMatcher(retryOn),
    retryIf,
    onRetry,
    respectRetryAfter,
    waitForCircuit,
    signal,
  });
}

function readDelays(
  read: OptionReader<RetryPolicy>,
  maxElapsed: number,
): Pick<Backoff, 'initialDelay' | 'maxDelay'> {
  const maxDelay = read.duration('maxDelay', { default: DEFAULT_MAX_DELAY, max: YEAR });
  const initialDelay = read.duration('initialDelay', {
    default: Math.min(DEFAULT_INITIAL_DELAY, maxDelay),
    max: YEAR,
  });
  if (initialDelay > maxDelay && !read.isFaulty('maxDelay')) {
    read.fault('initialDelay', `a duration of at most maxDelay, which is ${formatDuration(maxDelay)}`);
  }
  // Written out it may be meant; by default it would be a retry that never comes, and nobody would know why.
  if (initialDelay > maxElapsed && read.raw('maxElapsed') === undefined) {
    read.fault(
      'initialDelay',
      `a duration of at most ${formatDuration(maxElapsed)}, unless maxElapsed allows more`,
    );
  }
  return { initialDelay, maxDelay };
}

function readRetryIf(read: OptionReader<RetryPolicy>): RetryPolicy['retryIf'] {
  const retryIf = read.callback('retryIf');
  // Its promise would be true for every outcome.
  if (retryIf !== undefined && isAsyncFunction(retryIf)) {
    read.fault('retryIf', 'a function that returns true or false, at once');
  }
  return retryIf;
}

function readSignal(read: OptionReader<RetryPolicy>): AbortSignal | undefined {
  const signal = read.raw('signal');
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  read.fault('signal', 'an AbortSignal');
  return undefined;
}
