import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@switchgear/core';
import { rejectionOf } from '../support/attempts-to-make.js';

const reason = new Error('the user left');
const MONTH = 30 * 86_400_000;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe("an abort during a sleep of the system's clock", () => {
  it('ends it at once with its reason, and leaves no timer', async () => {
    const stop = new AbortController();
    const sleeping = rejectionOf(systemClock.sleep(60_000, stop.signal));
    stop.abort(reason);
    expect([await sleeping, jest.getTimerCount()]).toEqual([reason, 0]);
  });

  it('ends one that is longer than any timer, in whichever part of it', async () => {
    const stop = new AbortController();
    const sleeping = rejectionOf(systemClock.sleep(3 * MONTH, stop.signal));
    await jest.advanceTimersByTimeAsync(2 * MONTH);
    stop.abort(reason);
    expect([await sleeping, jest.getTimerCount()]).toEqual([reason, 0]);
  });

  it('ends it when its time has come and nothing has run yet', async () => {
    const stop = new AbortController();
    const sleeping = rejectionOf(systemClock.sleep(100, stop.signal));
    jest.advanceTimersByTime(100);
    stop.abort(reason);
    expect(await sleeping).toBe(reason);
  });
});

describe("a sleep of the system's clock", () => {
  it.each([[0], [100], [3 * MONTH]])(
    'of %d ms does not begin under a signal that has aborted',
    async (ms) => {
      expect(await rejectionOf(systemClock.sleep(ms, AbortSignal.abort(reason)))).toBe(reason);
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  it.each([[1], [100], [3 * MONTH]])('of %d ms takes that long, and not less', async (ms) => {
    let isAwake = false;
    void systemClock.sleep(ms).then(() => (isAwake = true));
    await jest.advanceTimersByTimeAsync(ms - 1);
    expect(isAwake).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(isAwake).toBe(true);
  });

  it.each<[string, (stop: AbortController) => Promise<void>]>([
    ['has been slept', () => jest.advanceTimersByTimeAsync(3 * MONTH)],
    ['was aborted', async (stop) => stop.abort(reason)],
  ])('that %s leaves no listener on its signal', async (_, end) => {
    const stop = new AbortController();
    const sleeping = systemClock.sleep(3 * MONTH, stop.signal).catch(() => undefined);
    await end(stop);
    await sleeping;
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });
});
