import { describe, expect, it } from '@jest/globals';
import {
  CircuitBreaker,
  type GiveUpNotice,
  Panel,
  type RetryNotice,
  type RetryPolicy,
  withRetry,
} from '@switchgear/core';
import { flaky, rejectionOf, throwing } from '../support/attempts-to-make.js';
import { heardWarnings } from '../support/heard-warnings.js';
import { JumpingClock } from '../support/jumping-clock.js';

const retrying = (policy: RetryPolicy) => withRetry(policy, { clock: new JumpingClock() });

/** A policy that writes down what its hooks hear. */
function listening(policy: RetryPolicy = {}) {
  const retries: RetryNotice[] = [];
  const ends: GiveUpNotice[] = [];
  const hooks = {
    onRetry: (notice: RetryNotice) => void retries.push(notice),
    onGiveUp: (notice: GiveUpNotice) => void ends.push(notice),
  };
  return { retries, ends, guard: retrying({ jitter: 'none', ...policy, ...hooks }) };
}

describe('onRetry', () => {
  it('hears of each wait before it: what happened, the number of the attempt, the delay, the retries left', async () => {
    const { retries, guard } = listening();
    const { attempt, errors } = flaky(2);
    await guard(attempt)();
    expect(retries).toEqual([
      { outcome: { status: 'failed', error: errors[0] }, attempt: 1, delay: 100, retriesLeft: 3 },
      { outcome: { status: 'failed', error: errors[1] }, attempt: 2, delay: 200, retriesLeft: 2 },
    ]);
  });

  it('hears of a result that is tried again', async () => {
    const { retries, guard } = listening({ retryIf: (_, attempt) => attempt === 1 });
    await guard(flaky(0).attempt)();
    expect(retries).toMatchObject([{ outcome: { status: 'succeeded', value: 'ok' } }]);
  });

  it('hears that there is no end', async () => {
    const { retries, guard } = listening({ maxRetries: Infinity });
    await guard(flaky(1).attempt)();
    expect(retries).toMatchObject([{ retriesLeft: Infinity }]);
  });

  it('hears of a refusal that is waited for, which uses up no retry', async () => {
    const clock = new JumpingClock();
    const breaker = new CircuitBreaker(
      { failureThreshold: 1, resetTimeout: '5s' },
      { panel: new Panel({ circuits: 1, clock }) },
    );
    const retries: RetryNotice[] = [];
    const policy: RetryPolicy = {
      jitter: 'none',
      waitForCircuit: true,
      onRetry: (one) => void retries.push(one),
    };
    await withRetry(policy, { clock })(breaker.wrap(flaky(1).attempt))();
    expect(retries).toMatchObject([
      { outcome: { status: 'failed' }, retriesLeft: 3 },
      { outcome: { status: 'refused', error: { code: 'ERR_CIRCUIT_OPEN' } }, retriesLeft: 2 },
    ]);
  });

  it('does not hear of the end', async () => {
    const { retries, guard } = listening({ maxRetries: 2 });
    await rejectionOf(guard(flaky(Infinity).attempt)());
    expect(retries).toHaveLength(2);
  });
});

describe('onGiveUp', () => {
  it('hears once of a call that fails, with its last outcome and why it was the last', async () => {
    const { ends, guard } = listening({ maxRetries: 2 });
    const { attempt, errors } = flaky(Infinity);
    await rejectionOf(guard(attempt)());
    expect(ends).toEqual([
      { outcome: { status: 'failed', error: errors[2] }, attempt: 3, gaveUp: 'no-retries-left' },
    ]);
  });

  it('hears of a first attempt that is not to be tried again', async () => {
    const { ends, guard } = listening();
    await rejectionOf(guard(throwing(new ReferenceError('x')).attempt)());
    expect(ends).toMatchObject([{ attempt: 1, gaveUp: 'not-retryable' }]);
  });

  it('hears of a result that nobody wanted, and that the caller gets', async () => {
    const { ends, guard } = listening({ retryIf: ({ status }) => status === 'succeeded', maxRetries: 1 });
    expect(await guard(flaky(0).attempt)()).toBe('ok');
    expect(ends).toEqual([
      { outcome: { status: 'succeeded', value: 'ok' }, attempt: 2, gaveUp: 'no-retries-left' },
    ]);
  });

  it('hears of an abort during a wait, with the outcome before it', async () => {
    const stop = new AbortController();
    const { ends, guard } = listening({ signal: stop.signal });
    const { attempt, errors } = flaky(Infinity);
    const rejection = rejectionOf(guard(attempt)());
    stop.abort();
    await rejection;
    expect(ends).toEqual([
      { outcome: { status: 'failed', error: errors[0] }, attempt: 1, gaveUp: 'aborted' },
    ]);
  });

  it.each([0, 1])('hears nothing of a call that succeeds after %d failures', async (failures) => {
    const { ends, guard } = listening();
    await guard(flaky(failures).attempt)();
    expect(ends).toEqual([]);
  });

  it('hears of nothing where the signal had aborted before the call: no attempt was made', async () => {
    const { ends, guard } = listening({ signal: AbortSignal.abort() });
    await rejectionOf(guard(flaky(0).attempt)());
    expect(ends).toEqual([]);
  });
});

describe.each(['onRetry', 'onGiveUp'] as const)('%s', (hook) => {
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
  ])('that %s changes nothing, and is a warning of the process', async (_, listener) => {
    const warnings = heardWarnings();
    const { attempt, errors } = flaky(Infinity);
    const guarded = retrying({ [hook]: listener, maxRetries: 1 })(attempt);
    expect(await rejectionOf(guarded())).toBe(errors[1]);
    expect(warnings).toEqual(['a listener threw: a fault of the listener']);
  });
});
