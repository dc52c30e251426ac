import { OptionReader } from '../options/option-reader.js';
import { type Clock, wallClock } from '../time/clock.js';
import { type Duration, YEAR_MS } from '../time/duration.js';

/** How long a call may take with all its attempts and waits. */
export interface DeadlinePolicy {
  /** From 1 ms to a year. A call is ended that late at the earliest, and by at most a 32nd later. Required. */
  readonly deadline: Duration;
}

/** Where a deadline gets its time from; tests hand in clocks of their own. */
export interface DeadlineOptions {
  /** Default the clock of the system. */
  readonly clock?: Clock;
  /** Epoch milliseconds, for `execution().deadline`. Default `Date.now`. */
  readonly wallClock?: () => number;
}

/** A policy read and checked. */
export interface DeadlineSettings {
  /** In ms. */
  readonly deadline: number;
  readonly clock: Clock;
  readonly wallClock: () => number;
}

/**
 * Reads a policy.
 *
 * @throws PolicyError with everything that is wrong with it
 */
export function readDeadlinePolicy(
  policy: Duration | DeadlinePolicy,
  options: DeadlineOptions | undefined,
): DeadlineSettings {
  const isDuration = typeof policy === 'number' || typeof policy === 'string';
  const read = new OptionReader<DeadlinePolicy>('DeadlinePolicy', isDuration ? { deadline: policy } : policy);
  const deadline = read.duration('deadline', { required: true, min: 1, max: YEAR_MS });
  read.finish();
  const readOptions = new OptionReader<DeadlineOptions>('DeadlineOptions', options);
  const clock = readOptions.clock('clock');
  const epoch = readOptions.callback('wallClock') ?? wallClock;
  readOptions.finish();
  return Object.freeze({ deadline, clock, wallClock: epoch });
}
