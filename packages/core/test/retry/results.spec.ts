import { describe, expect, it } from '@jest/globals';
import { type AttemptOutcome, type RetryPolicy, withRetry } from '@switchgear/core';
import { flaky, rejectionOf, throwing } from '../support/attempts-to-make.js';
import { heardWarnings } from '../support/heard-warnings.js';
import { JumpingClock } from '../support/jumping-clock.js';

const retrying = (policy: RetryPolicy) => withRetry(policy, { clock: new JumpingClock() });

/** Gives one result after the other. */
function giving(...results: readonly unknown[]) {
  let made = 0;
  return { attempt: async () => results[made++], made: () => made };
}

const isPending = (outcome: AttemptOutcome) => outcome.status === 'succeeded' && outcome.value === 'pending';

describe('retryIf', () => {
  it('has a result tried again that it does not like', async () => {
    const { attempt, made } = giving('pending', 'pending', 'done');
    expect(await retrying({ retryIf: isPending })(attempt)()).toBe('done');
    expect(made()).toBe(3);
  });

  it('leaves the result of the last attempt to the caller', async () => {
    const { attempt } = giving('pending', 'pending', 'pending');
    expect(await retrying({ retryIf: isPending, maxRetries: 2 })(attempt)()).toBe('pending');
  });

  it('leaves errors to retryOn as well', async () => {
    const { attempt, made } = flaky(2);
    expect(await retrying({ retryIf: isPending })(attempt)()).toBe('ok');
    expect(made()).toBe(3);
  });

  it('has an error tried again that retryOn does not take', async () => {
    const { attempt, made } = throwing(new TypeError('a lock of a library that says so'));
    await rejectionOf(retrying({ retryIf: ({ status }) => status === 'failed', maxRetries: 1 })(attempt)());
    expect(made()).toBe(2);
  });

  it('is asked once about each attempt, by its number', async () => {
    const asked: unknown[] = [];
    const retryIf = (outcome: AttemptOutcome, attempt: number) => {
      asked.push([outcome.status === 'succeeded' && outcome.value, attempt]);
      return isPending(outcome);
    };
    await retrying({ retryIf })(giving('pending', 'pending', 'done').attempt)();
    expect(asked).toEqual([
      ['pending', 1],
      ['pending', 2],
      ['done', 3],
    ]);
  });

  it('that throws has said no', async () => {
    heardWarnings();
    const retryIf = () => {
      throw new Error('a fault of the predicate');
    };
    expect(await retrying({ retryIf })(giving('pending').attempt)()).toBe('pending');
  });

  it('that throws is a warning of the process', async () => {
    const retryIf = () => {
      throw new Error('a fault of the predicate');
    };
    const warnings = heardWarnings();
    await retrying({ retryIf })(giving('pending').attempt)();
    expect(warnings).toEqual(['a function of a retry policy threw: a fault of the predicate']);
  });
});
