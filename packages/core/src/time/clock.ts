import { type AbortSignalLike, isAborted, reasonOf, throwIfAborted } from '../call/abort.js';
import { onAbort } from '../call/abort-listeners.js';

/**
 * Where time comes from.
 *
 * The clock of the system agrees in all threads and never goes back: setting the wall clock changes nothing. Tests hand
 * in a `ManualClock` from `@switchgear/core/testing`.
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

/** The longest timer there is, in ms; longer sleeps are made of several. */
const MAX_TIMER_MS = 2 ** 31 - 1;

// Taken at load, so that fake timers in tests of users do not tear circuits in different threads apart.
const { hrtime } = process;

/** The clock of circuits that are given no other one: it reads the same in all threads of the process. */
export const systemClock: Clock = {
  now() {
    // The one monotonic clock with the same origin in every thread; `performance.now()` counts from the thread's start.
    const time = hrtime();
    return time[0] * 1_000 + time[1] / 1_000_000;
  },

  async sleep(ms, signal) {
    // No look at the clock: under a test's fake timers it would stand still while they run.
    for (let left = ms; left > 0; left -= MAX_TIMER_MS) await timer(Math.min(left, MAX_TIMER_MS), signal);
    if (signal !== undefined) throwIfAborted([signal]);
  },
};

/** Epoch milliseconds, to tell people when something was; nothing is decided by it. */
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
