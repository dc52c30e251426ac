import { isObjectOrFunction } from '../errors/object-shape.js';
import { threadSingleton } from '../process/thread-singleton.js';
import type { AttemptOutcome } from './attempt-outcome.js';

/**
 * Why no further attempt was made:
 *
 * - `not-retryable`: the policy does not want the error tried again
 * - `no-retries-left`: the retries were used up
 * - `no-time-left`: `maxElapsed` left no time for the next delay
 * - `retry-after-too-long`: the server asked to wait longer than `maxRetryAfter`
 * - `aborted`: a signal aborted
 * - `refused`: a policy further in, such as a circuit, refused the call
 * - `stopped`: the function threw an error of `stopRetrying`
 * - `input-used`: an input that can be used only once, such as a stream, had been used by an attempt
 */
export type GaveUp =
  | 'not-retryable'
  | 'no-retries-left'
  | 'no-time-left'
  | 'retry-after-too-long'
  | 'aborted'
  | 'refused'
  | 'stopped'
  | 'input-used';

/** What a call that was retried, or could have been, went through before it failed. */
export interface Attempts {
  /** How many attempts were made, those that a circuit refused included. */
  readonly count: number;
  /** What became of the last ten attempts, oldest first; `refused` is one that a circuit did not let through. */
  readonly outcomes: readonly AttemptOutcome[];
  readonly gaveUp: GaveUp;
}

/** An endless retry must not keep an endless past. */
const MAX_OUTCOMES = 10;

// Beside the errors, not on them: what was thrown is rethrown as it was, and may be frozen.
const attemptsByError = threadSingleton('retry-attempts', () => new WeakMap<object, Attempts>());

/**
 * What led to the error that a retried call failed with. Of an object that several calls failed with (a signal's reason, an error that
 * is made once) it tells of the call that failed last.
 *
 * @returns undefined for what no retried call failed with, and for thrown values that are no objects
 * @example
 * catch (error) {
 *   log.warn({ error, attempts: attemptsOf(error)?.count });
 *   throw error;
 * }
 */
export function attemptsOf(error: unknown): Attempts | undefined {
  return isObjectOrFunction(error) ? attemptsByError.get(error) : undefined;
}

/** Collects what becomes of the attempts of one call. */
export class AttemptLog {
  #count = 0;
  readonly #outcomes: AttemptOutcome[] = [];

  get count(): number {
    return this.#count;
  }

  add(outcome: AttemptOutcome): void {
    this.#count++;
    if (this.#outcomes.push(outcome) > MAX_OUTCOMES) this.#outcomes.shift();
  }

  /** Makes all that was collected reachable from the error that the call fails with. */
  attachTo(error: unknown, gaveUp: GaveUp): void {
    if (!isObjectOrFunction(error)) return;
    const outcomes = Object.freeze([...this.#outcomes]);
    attemptsByError.set(error, Object.freeze({ count: this.#count, outcomes, gaveUp }));
  }
}
