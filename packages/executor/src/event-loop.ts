import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { setImmediate } from 'node:timers/promises';

/** A timer that was set. */
export interface Timer {
  cancel(): void;
}

/** The clock and the timers of a thread. Specs have their own. */
export interface EventLoop {
  /** Monotonic ms since the thread began, with fractions. */
  now(): number;
  /**
   * Calls back once, after `ms` milliseconds.
   *
   * @param keepsAlive whether the process may not end before; default false
   */
  setTimer(callback: () => void, ms: number, keepsAlive?: boolean): Timer;
}

// All of these are taken at load, from the modules of Node. Fake timers of tests replace the globals, and those of sinon the functions in the
// modules as well: a job that looked them up when it runs would wait for a clock that stands still.
const readClock = performance.now.bind(performance);
const startTimer = setTimeout;
const stopTimer = clearTimeout;
const nextImmediate = setImmediate;

export const now: () => number = readClock;

export const clone: typeof globalThis.structuredClone = globalThis.structuredClone;

/** The event loop of this thread. */
export const eventLoop: EventLoop = {
  now,
  setTimer(callback, ms, keepsAlive = false) {
    const timer = startTimer(callback, ms);
    if (!keepsAlive) timer.unref();
    return { cancel: () => stopTimer(timer) };
  },
};

/** Lets the event loop turn once. */
export async function nextTurn(): Promise<void> {
  await nextImmediate();
}

/** Calls back in a microtask. An `await` needs no function that a test could replace. */
export function soon(callback: () => void): void {
  void (async (): Promise<void> => {
    // eslint-disable-next-line @typescript-eslint/await-thenable -- it only waits for its turn
    await undefined;
    callback();
  })();
}
