import { describe, expect, it } from '@jest/globals';
import { attemptsOf, type RetryPolicy, withRetry } from '@switchgear/core';
import { rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

/** Calls what always fails, each attempt taking a while. */
async function failing(policy: RetryPolicy, ...durations: readonly number[]) {
  const clock = new JumpingClock();
  const begun: number[] = [];
  const attempt = async (): Promise<never> => {
    begun.push(clock.now() - 1_000);
    clock.pass(durations[begun.length - 1] ?? 0);
    throw new Error('down');
  };
  const error = await rejectionOf(withRetry({ jitter: 'none', ...policy }, { clock })(attempt)());
  return { begun, gaveUp: attemptsOf(error)?.gaveUp };
}

describe('maxElapsed', () => {
  it('lets an attempt begin as long as it lasts, and none after', async () => {
    const policy = { maxRetries: 10, initialDelay: 1_000, factor: 1 };
    expect((await failing({ ...policy, maxElapsed: 3_000 })).begun).toEqual([0, 1_000, 2_000, 3_000]);
    expect((await failing({ ...policy, maxElapsed: 2_999 })).begun).toEqual([0, 1_000, 2_000]);
  });

  it('counts the attempts, the first one too', async () => {
    expect((await failing({ maxElapsed: '1s' }, 901)).begun).toEqual([0]);
    expect((await failing({ maxElapsed: '1s' }, 300, 500)).begun).toEqual([0, 400]);
  });

  it('does not wait for what it will not do', async () => {
    expect(await failing({ maxElapsed: 50 })).toEqual({ begun: [0], gaveUp: 'no-time-left' });
  });

  it('is 30 seconds after the first failure unless given', async () => {
    const { begun } = await failing({ maxRetries: 100, initialDelay: '10s', factor: 1 }, 60_000);
    expect(begun).toEqual([0, 70_000, 80_000, 90_000]);
  });

  it('may be no limit', async () => {
    const policy: RetryPolicy = { maxElapsed: Infinity, initialDelay: '1m', maxDelay: '1m' };
    expect((await failing(policy)).begun).toHaveLength(4);
  });

  it('is no limit with endless retries, unless given', async () => {
    const stop = new AbortController();
    let waits = 0;
    const onRetry = () => {
      if (++waits === 50) stop.abort();
    };
    const policy = { maxRetries: Infinity, signal: stop.signal, onRetry };
    expect((await failing(policy)).begun).toHaveLength(50);
    expect((await failing({ maxRetries: Infinity, maxElapsed: 1_000 })).begun).toEqual([0, 100, 300, 700]);
  });
});
