import type { AbortSignalLike } from '../call/abort.js';
import type { Failed, Succeeded } from '../call/outcome.js';
import type { ErrorMatcher } from '../options/matcher.js';
import type { Duration } from '../time/duration.js';
import type { AttemptOutcome } from './attempt-outcome.js';
import type { GaveUp } from './attempts.js';
import type { Backoff, Growth, Jitter } from './backoff.js';

/** What `onRetry` hears before each wait. */
export interface RetryNotice<Result = unknown> {
  /** What became of the attempt: an error, a refusal that is waited for, or a result that `retryIf` wants tried again. */
  readonly outcome: AttemptOutcome<Result>;
  /** The number of the attempt that ended so; 1 is the first call. */
  readonly attempt: number;
  /** How long the wait will be, in ms. */
  readonly delay: number;
  /** Retries that are left, the one that is now waited for included: `maxRetries` at the first. `Infinity` for no end. */
  readonly retriesLeft: number;
}

/** What `onGiveUp` hears when a call ends without a good result. */
export interface GiveUpNotice<Result = unknown> {
  /** What became of the last attempt. */
  readonly outcome: AttemptOutcome<Result>;
  /** The number of the last attempt, and so how many were made. */
  readonly attempt: number;
  readonly gaveUp: GaveUp;
}

/**
 * The delays before retries: a list, whose last one is used again when there are more retries, or a function.
 *
 * The function is given the number of the retry, 1 for the first, and what became of the attempt before it.
 */
export type Delays<Result = unknown> =
  readonly Duration[] | ((retry: number, outcome: AttemptOutcome<Result>) => Duration);

/**
 * Which attempts are made again, how often, and after which delays.
 *
 * @typeParam Result what the function returns, for the functions of the policy
 */
export interface RetryPolicy<Result = unknown> {
  /** Attempts after the first; `Infinity` for no end. Default 3, or the length of the list of `delays`. */
  readonly maxRetries?: number;
  /** What the delay before the first retry is made of. Default `'100ms'`, or `maxDelay` if that is less. */
  readonly initialDelay?: Duration;
  /** No delay is longer, jitter included; only a `Retry-After` may be. Default `'60s'`; beside `delays` none. */
  readonly maxDelay?: Duration;
  /** By which an exponential delay grows with each retry; 1 to 1000. Default 2. */
  readonly factor?: number;
  /** How delays grow: `initialDelay` times `factor` to the power of the retries before, or times their number. Default `'exponential'`. */
  readonly growth?: Growth;
  /** The delays themselves, in place of `initialDelay`, `factor` and `growth`. */
  readonly delays?: Delays<Result>;
  /** How delays are spread. Default `'full'`: anything from nothing to the whole delay; beside `delays` `'none'`. */
  readonly jitter?: Jitter;
  /** Which errors are tried again. Default {@link isRetryable}. */
  readonly retryOn?: ErrorMatcher;
  /**
   * Which outcomes are tried again, besides the errors of `retryOn`: results, and errors that `retryOn` does not take. The result of the
   * last attempt is returned as it is. It is not asked about refusals.
   *
   * @param attempt the number of the attempt that ended so; 1 is the first call
   */
  retryIf?(outcome: Succeeded<Result> | Failed, attempt: number): boolean;
  /** Called before each wait. What it throws is a warning of the process. */
  onRetry?(notice: RetryNotice<Result>): void;
  /**
   * Called once when a call ends without a good result, after one attempt or many: its error is rethrown, or the result
   * that `retryIf` did not want is returned. What it throws is a warning of the process.
   */
  onGiveUp?(notice: GiveUpNotice<Result>): void;
  /**
   * No attempt begins later than this after the call; an attempt that runs is not stopped. `Infinity` for no limit. Default: 30 s after the
   * first attempt has failed, however long that took, which spares calls that need no retry a reading of the clock; no limit with
   * `maxRetries: Infinity`.
   */
  readonly maxElapsed?: Duration;
  /** Whether to wait as long as a `Retry-After` says, or give up at once if `maxElapsed` leaves no time for that. Default true. */
  readonly respectRetryAfter?: boolean;
  /** A longer `Retry-After` is not waited for: the retry gives up at once. Default `maxElapsed`, or 1 h where that is `Infinity`. */
  readonly maxRetryAfter?: Duration;
  /** Whether to wait for a policy that refuses, such as a circuit, rather than fail at once. Such waits use up no retries. Default false. */
  readonly waitForCircuit?: boolean;
  /** Ends the wait when it aborts; then nothing is called again. So does a signal among the arguments of the call. */
  readonly signal?: AbortSignalLike;
}

/** A policy read, checked and completed. Frozen. Times are ms. */
export interface RetrySettings extends Backoff {
  readonly maxRetries: number;
  /** In place of those of the backoff. */
  readonly delays: readonly number[] | Extract<Delays, (...args: never[]) => unknown> | undefined;
  /** How the waits for a circuit are spread; the jitter of `Backoff` is that of retries. */
  readonly waitJitter: Jitter;
  readonly maxElapsed: number;
  /** Whether `maxElapsed` counts from when the first attempt began, or from when it had failed. */
  readonly countsFirstAttempt: boolean;
  readonly takesError: (error: unknown) => boolean;
  readonly retryIf: RetryPolicy['retryIf'] | undefined;
  readonly onRetry: RetryPolicy['onRetry'] | undefined;
  readonly onGiveUp: RetryPolicy['onGiveUp'] | undefined;
  readonly respectRetryAfter: boolean;
  readonly maxRetryAfter: number;
  readonly waitForCircuit: boolean;
  readonly signal: AbortSignalLike | undefined;
}
