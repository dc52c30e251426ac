import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, it, jest } from '@jest/globals';
import { CircuitBreaker } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';

afterEach(() => {
  jest.restoreAllMocks();
});

it('a probe that hangs for good does not keep asynchronous calls being followed for good', async () => {
  const disable = jest.spyOn(AsyncLocalStorage.prototype, 'disable');
  const clock = new ManualClock();
  const policy = {
    failureThreshold: 1,
    successThreshold: 1,
    resetTimeout: 100,
    halfOpen: { permitTimeout: 100 },
  } as const;
  const breaker = new CircuitBreaker(policy, { clock });
  breaker.tryCall(() => {
    throw new Error('down');
  });
  clock.advance(100);
  void breaker.call(() => new Promise(() => {}));
  // Its permit expires, the circuit reopens as of then, and the next probe closes it.
  clock.advance(200);
  await breaker.call(async () => 'up');
  expect([breaker.state, disable.mock.calls.length > 0]).toEqual(['closed', true]);
});
