import { describe, expect, it } from '@jest/globals';
import { type RetryPolicy, withRetry } from '@switchgear/core';
import { flaky, rejectionOf } from '../support/attempts-to-make.js';
import { heardWarnings } from '../support/heard-warnings.js';
import { JumpingClock } from '../support/jumping-clock.js';

const retrying = (policy: RetryPolicy) => withRetry(policy, { clock: new JumpingClock() });

describe('onRetry', () => {
  it('hears of each wait before it: the error, the number of the attempt, the delay', async () => {
    const heard: unknown[] = [];
    const { attempt, errors } = flaky(2);
    const onRetry = (...all: unknown[]) => void heard.push(all);
    await retrying({ onRetry, jitter: 'none' })(attempt)();
    expect(heard).toEqual([
      [errors[0], 1, 100],
      [errors[1], 2, 200],
    ]);
  });

  it('hears of no error where a result is tried again', async () => {
    const heard: unknown[] = [];
    const onRetry = (error: unknown) => void heard.push(error);
    await retrying({ onRetry, retryIf: ({ status }, attempt) => status === 'succeeded' && attempt === 1 })(
      flaky(0).attempt,
    )();
    expect(heard).toEqual([undefined]);
  });

  it('does not hear of the end', async () => {
    let heard = 0;
    await rejectionOf(retrying({ onRetry: () => heard++, maxRetries: 2 })(flaky(Infinity).attempt)());
    expect(heard).toBe(2);
  });

  it.each<[string, () => void]>([
    [
      'throws',
      () => {
        throw new Error('a fault of the listener');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('a fault of the listener');
      },
    ],
  ])('that %s changes nothing, and is a warning of the process', async (_, onRetry) => {
    const warnings = heardWarnings();
    expect(await retrying({ onRetry })(flaky(1).attempt)()).toBe('ok');
    expect(warnings).toEqual(['a listener threw: a fault of the listener']);
  });
});
