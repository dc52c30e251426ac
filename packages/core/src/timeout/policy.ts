import { OptionReader } from '../options/option-reader.js';
import { type Clock } from '../time/clock.js';
import { type Duration, YEAR_MS } from '../time/duration.js';

/** How long one call may take. */
export interface TimeoutPolicy {
  /** From 1 ms to a year. A call is ended that late at the earliest, and by at most a 32nd later. Required. */
  readonly timeout: Duration;
}

/** Where a timeout gets its time from; tests hand in a clock of their own. */
export interface TimeoutOptions {
  /** Default the clock of the system. */
  readonly clock?: Clock;
}

/** A policy read and checked. */
export interface TimeoutSettings {
  /** In ms. */
  readonly timeout: number;
  readonly clock: Clock;
}

/**
 * Reads a policy.
 *
 * @throws PolicyError with everything that is wrong with it
 */
export function readTimeoutPolicy(
  policy: Duration | TimeoutPolicy,
  options: TimeoutOptions | undefined,
): TimeoutSettings {
  const isDuration = typeof policy === 'number' || typeof policy === 'string';
  const read = new OptionReader<TimeoutPolicy>('TimeoutPolicy', isDuration ? { timeout: policy } : policy);
  const timeout = read.duration('timeout', { required: true, min: 1, max: YEAR_MS });
  read.finish();
  const readOptions = new OptionReader<TimeoutOptions>('TimeoutOptions', options);
  const clock = readOptions.clock('clock');
  readOptions.finish();
  return Object.freeze({ timeout, clock });
}
