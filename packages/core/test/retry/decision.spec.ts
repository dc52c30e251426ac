import { describe, expect, it } from '@jest/globals';
import { CircuitBreakerError } from '@switchgear/core';
import { BEGINNING, type Circumstances, decide, type RetryProgress } from '../../src/retry/decision.js';
import type { AttemptOutcome, RetryPolicy } from '../../src/retry/policy.js';
import { readRetryPolicy } from '../../src/retry/read-policy.js';

const value: AttemptOutcome = { status: 'succeeded', value: 'busy' };
const failure: AttemptOutcome = { status: 'failed', error: new Error('down') };
const refused = (state: 'open' | 'half-open', retryAfter?: number): AttemptOutcome => ({
  status: 'refused',
  error: new CircuitBreakerError({ circuit: 'geo', state, retryAfter }),
});

const never = (): never => {
  throw new Error('nobody has to know this');
};

/** What is decided under a policy of plain delays, where the policy wants the outcome tried again and nothing is in its way. */
function decided(
  outcome: AttemptOutcome,
  policy: RetryPolicy = {},
  progress: Partial<RetryProgress> = {},
  circumstances: Partial<Circumstances> = {},
) {
  const settings = readRetryPolicy({ jitter: 'none', maxElapsed: 1_000, ...policy });
  return decide(settings, { ...BEGINNING, ...progress }, outcome, {
    isWanted: () => true,
    isAborted: false,
    isStopped: false,
    isInputUsed: () => false,
    ownDelay: never,
    elapsed: 0,
    left: Infinity,
    epoch: () => 0,
    random: never,
    ...circumstances,
  });
}

const over = (gaveUp: string) => ({ kind: 'over', gaveUp });

describe('a result', () => {
  it('that nobody wants tried again is good', () => {
    expect(decided(value, {}, {}, { isWanted: () => false })).toEqual({ kind: 'good' });
  });

  it('that nobody wants tried again is good though the call was aborted', () => {
    expect(decided(value, {}, {}, { isWanted: () => false, isAborted: true })).toEqual({ kind: 'good' });
  });

  it('that is wanted again is tried again', () => {
    const progress = { retries: 1, waits: 0, previous: 100 };
    expect(decided(value)).toEqual({ kind: 'again', delay: 100, progress });
  });

  it('that is wanted again ends with the abort', () => {
    expect(decided(value, {}, {}, { isAborted: true })).toEqual(over('aborted'));
  });

  it('that asks for patience is given it', () => {
    const answer: AttemptOutcome = { status: 'succeeded', value: { headers: { 'retry-after': '1' } } };
    expect(decided(answer)).toMatchObject({ kind: 'again', delay: 1_000 });
  });
});

describe('an error', () => {
  it('that is not wanted again ends it', () => {
    expect(decided(failure, {}, {}, { isWanted: () => false })).toEqual(over('not-retryable'));
  });

  it('is none to ask about once the call was aborted', () => {
    expect(decided(failure, {}, {}, { isWanted: never, isAborted: true })).toEqual(over('aborted'));
  });

  it.each([
    [2, 'again'],
    [3, 'over'],
    [4, 'over'],
  ])('after %d retries of three is followed by: %s', (retries, kind) => {
    expect(decided(failure, { maxRetries: 3 }, { retries }).kind).toBe(kind);
  });

  it('with no retries left says so', () => {
    expect(decided(failure, { maxRetries: 0 })).toEqual(over('no-retries-left'));
  });

  it('is followed by a longer delay each time', () => {
    const progress = { retries: 3, waits: 0, previous: 400 };
    expect(decided(failure, {}, { retries: 2, previous: 200 })).toEqual({
      kind: 'again',
      delay: 400,
      progress,
    });
  });

  it('takes the delay before into account where the jitter does', () => {
    const policy: RetryPolicy = { jitter: 'decorrelated' };
    const chance = { random: () => 0.5 };
    expect(decided(failure, policy, { retries: 1, previous: 200 }, chance)).toMatchObject({ delay: 350 });
  });

  it('forgets the waits for a circuit', () => {
    expect(decided(failure, {}, { waits: 4 })).toMatchObject({ progress: { waits: 0 } });
  });

  it('that asks for patience is given it, and the backoff goes on as if it had not', () => {
    const asking: AttemptOutcome = {
      status: 'failed',
      error: Object.assign(new Error('busy'), { headers: { 'retry-after': '1' } }),
    };
    expect(decided(asking)).toMatchObject({ delay: 1_000, progress: { previous: 100 } });
    expect(decided(asking, { respectRetryAfter: false })).toMatchObject({ delay: 100 });
  });

  it.each([
    [900, 'again'],
    [901, 'over'],
  ])(
    '%d ms after the start, with a delay of 100 and a second in all, is followed by: %s',
    (elapsed, kind) => {
      expect(decided(failure, {}, {}, { elapsed }).kind).toBe(kind);
    },
  );

  it('that leaves no time says so', () => {
    expect(decided(failure, {}, {}, { elapsed: 1_000 })).toEqual(over('no-time-left'));
  });
});

describe('a refusal', () => {
  const waiting: RetryPolicy = { waitForCircuit: true };

  it('ends it, and nobody is asked whether it is wanted again', () => {
    expect(decided(refused('open', 50), {}, {}, { isWanted: never })).toEqual(over('refused'));
  });

  it('ends with the abort, waited for or not', () => {
    expect(decided(refused('open', 50), waiting, {}, { isAborted: true })).toEqual(over('aborted'));
  });

  it('is waited for where the policy says so, and uses up no retry', () => {
    const progress = { retries: 2, waits: 1, previous: 200 };
    expect(decided(refused('open', 50), waiting, { retries: 2, previous: 200 }, { isWanted: never })).toEqual(
      {
        kind: 'again',
        delay: 50,
        progress,
      },
    );
  });

  it('is waited for though no retries are left', () => {
    expect(decided(refused('open', 50), { ...waiting, maxRetries: 0 })).toMatchObject({ delay: 50 });
  });

  it('that names no time ends it', () => {
    expect(decided(refused('open'), waiting)).toEqual(over('refused'));
  });

  it('is waited for a millisecond at least', () => {
    expect(decided(refused('open', 0), waiting)).toMatchObject({ delay: 1 });
  });

  it('of a half-open circuit is waited for by the backoff, and no longer than it says', () => {
    const chance = { random: () => 0 };
    expect(decided(refused('half-open', 500), waiting, { waits: 1 }, chance)).toMatchObject({ delay: 100 });
    expect(decided(refused('half-open', 70), waiting, { waits: 1 }, chance)).toMatchObject({ delay: 70 });
  });

  it('is not waited for where no time is left', () => {
    expect(decided(refused('open', 1_001), waiting)).toEqual(over('no-time-left'));
  });
});
