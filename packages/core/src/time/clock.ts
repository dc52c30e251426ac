import { onAbort } from '../call/abort-listeners.js';
import { type AbortSignalLike, isAborted, reasonOf, throwIfAborted } from '../call/abort.js';

/**
 * A source of time.
 *
 * The clock of the system reads the same in all threads and never goes back, even if the wall clock is set. Tests use a
 * `ManualClock` from `@switchgear/core/testing`.
 */
export interface Clock {
  /** Monotonic milliseconds since some moment in the past, with fractions. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds.
   *
   * @throws the signal's reason, as soon as it aborts
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest timer of Node, in ms, about 24.8 days. Longer sleeps are made of several timers. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

// Taken at load: fake timers of tests replace `process.hrtime`, and the clocks of two threads would no longer agree.
const { hrtime } = process;

/** The default clock. It reads the same in all threads of the process. */
export const systemClock: Clock = {
  now() {
    // The only monotonic clock with one origin for all threads: `performance.now()` counts from the thread's start.
    const time = hrtime();
    return time[0] * 1_000 + time[1] / 1_000_000;
  },

  async sleep(ms, signal) {
    // Counts timers rather than reading the clock, which does not move while fake timers of a test run.
    for (let rest = ms; rest > 0; rest -= MAX_TIMER_MS) await timer(Math.min(rest, MAX_TIMER_MS), signal);
    if (signal !== undefined) throwIfAborted([signal]);
  },
};

/** Epoch milliseconds, for people to read. No decision depends on them. */
export function wallClock(): number {
  return Date.now();
}

function timer(ms: number, signal: AbortSignalLike | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal === undefined) {
      setTimeout(resolve, ms);
      return;
    }
    if (isAborted(signal)) {
      reject(reasonOf(signal));
      return;
    }
    const timeout = setTimeout(() => {
      leave();
      resolve();
    }, ms);
    const leave = onAbort(signal, () => {
      clearTimeout(timeout);
      reject(reasonOf(signal));
    });
  });
}
