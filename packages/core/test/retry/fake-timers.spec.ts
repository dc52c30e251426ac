import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { withRetry } from '@switchgear/core';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

it("a wait ends when a test's fake timers have moved so far", async () => {
  let attempts = 0;
  const flaky = withRetry({ jitter: 'none', initialDelay: 1_000, maxRetries: 1 })(async () => {
    if (++attempts === 1) throw new Error('down');
    return 'up';
  });
  const call = flaky();
  await jest.advanceTimersByTimeAsync(999);
  expect(attempts).toBe(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(await call).toBe('up');
});
