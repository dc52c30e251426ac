import type { EventLoop } from '../../src/event-loop.js';

/** The event loop of a spec: with `jest.useFakeTimers()` its clock stands still until the spec advances it. */
export const jestEventLoop: EventLoop = {
  now: () => performance.now(),
  setTimer(callback, ms, keepsAlive = false) {
    const timer = setTimeout(callback, ms);
    if (!keepsAlive) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
