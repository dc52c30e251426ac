import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CircuitBreaker, retry, type RetryPolicy, stopRetrying, withRetry } from '@switchgear/core';
import {
  BrokenCircuitError,
  ConstantBackoff,
  ExponentialBackoff,
  handleAll,
  noJitterGenerator,
  retry as oldRetry,
} from 'cockatiel';
import fc from 'fast-check';
import pRetry, { AbortError, type Options } from 'p-retry';
import { policyLikePRetry } from './policy.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'hrtime'] });
});

afterEach(() => void jest.useRealTimers());

/** The time of each attempt of a call, in ms since it began, and the error that it ends with. */
async function attemptsOf(
  call: (fn: () => Promise<never>) => Promise<unknown>,
  error: () => unknown = () => new Error('down'),
): Promise<{ readonly times: readonly number[]; readonly end: string }> {
  const start = Date.now();
  const times: number[] = [];
  let end: string | undefined;
  const ended = call(async () => {
    times.push(Date.now() - start);
    throw error();
  }).then(
    () => (end = 'succeeded'),
    (reason: unknown) => (end = String(reason)),
  );
  await settled();
  while (end === undefined && jest.getTimerCount() > 0) {
    jest.advanceTimersToNextTimer();
    await settled();
  }
  return { times, end: await ended };
}

/** Lets all promises that are ready go on. */
function settled(): Promise<unknown> {
  return new Promise((resolve) => setImmediate(resolve));
}

const like = (options: Options) => (fn: () => Promise<never>) => retry(fn, policyLikePRetry(options));
const byPRetry = (options: Options) => (fn: () => Promise<never>) => pRetry(fn, options);

describe('the policy like p-retry’s', () => {
  it('makes the same attempts at the same times', async () => {
    const anyOptions = fc.record({
      retries: fc.nat(8),
      minTimeout: fc.nat(2_000),
      factor: fc.double({ min: 1, max: 4, noNaN: true }),
      maxTimeout: fc.constantFrom(500, 10_000, Infinity),
    });
    await fc.assert(
      fc.asyncProperty(anyOptions, async (options) => {
        expect(await attemptsOf(like(options))).toEqual(await attemptsOf(byPRetry(options)));
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('ends at a TypeError, and not at that of a fetch that failed', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const bug = () => new TypeError('user.nmae is not a function');
    const network = () => new TypeError('fetch failed', { cause: refused });
    const options = { retries: 2 };
    for (const [error, attempts] of [
      [bug, 1],
      [network, 3],
    ] as const) {
      const ours = await attemptsOf(like(options), error);
      expect(ours).toEqual(await attemptsOf(byPRetry(options), error));
      expect(ours.times).toHaveLength(attempts);
    }
  });

  it('`stopRetrying(error)` ends it with the error, as `new AbortError(error)` does', async () => {
    const gone = new Error('gone');
    const old = await attemptsOf(byPRetry({}), () => new AbortError(gone));
    const ours = await attemptsOf(like({}), () => stopRetrying(gone));
    expect(ours).toEqual(old);
    expect(old).toEqual({ times: [0], end: 'Error: gone' });
  });

  it('`retryOn` is `shouldRetry`', async () => {
    let failures = 0;
    const error = () => new Error(++failures % 3 === 0 ? 'for good' : 'for now');
    const old = await attemptsOf(
      byPRetry({ shouldRetry: ({ error: { message } }) => message === 'for now' }),
      error,
    );
    const policy = { ...policyLikePRetry({}), retryOn: (e: unknown) => (e as Error).message === 'for now' };
    expect(await attemptsOf((fn) => retry(fn, policy), error)).toEqual(old);
    expect(old).toEqual({ times: [0, 1_000, 3_000], end: 'Error: for good' });
  });

  it('`onRetry` and `onGiveUp` together hear what `onFailedAttempt` hears', async () => {
    const old: string[] = [];
    const ours: string[] = [];
    await attemptsOf(
      byPRetry({
        retries: 2,
        onFailedAttempt: ({ attemptNumber, retriesLeft }) =>
          void old.push(`${attemptNumber}, ${retriesLeft} left`),
      }),
    );
    const policy: RetryPolicy = {
      ...policyLikePRetry({ retries: 2 }),
      onRetry: ({ attempt, retriesLeft }) => void ours.push(`${attempt}, ${retriesLeft} left`),
      onGiveUp: ({ attempt }) => void ours.push(`${attempt}, 0 left`),
    };
    await attemptsOf((fn) => retry(fn, policy));
    expect(ours).toEqual(old);
    expect(old).toEqual(['1, 2 left', '2, 1 left', '3, 0 left']);
  });
});

describe('what differs from p-retry', () => {
  it('by default it makes 11 attempts within 17 minutes, and a retry here 4 within a second', async () => {
    expect((await attemptsOf(byPRetry({}))).times).toEqual(
      Array.from({ length: 11 }, (_, n) => 1_000 * (2 ** n - 1)),
    );
    const { times } = await attemptsOf((fn) => retry(fn));
    expect(times).toHaveLength(4);
    expect(times[3]).toBeLessThanOrEqual(700);
  });

  it('`maxRetryTime` shortens the last delay, and `maxElapsed` begins none that would end too late', async () => {
    const { times } = await attemptsOf(byPRetry({ maxRetryTime: 1_500 }));
    expect(times).toEqual([0, 1_000, 1_500]);
    const policy = { ...policyLikePRetry({}), maxElapsed: 1_500 };
    expect((await attemptsOf((fn) => retry(fn, policy))).times).toEqual([0, 1_000]);
  });

  it('p-retry turns what is no Error into a TypeError; here it comes as it was thrown', async () => {
    expect((await attemptsOf(byPRetry({}), () => 'busy')).end).toMatch(/^TypeError: Non-error was thrown/);
    expect((await attemptsOf(like({ retries: 0 }), () => 'busy')).end).toBe('busy');
  });

  it('p-retry waits its own delays where the server asks for more; here Retry-After is waited for', async () => {
    const busy = () => Object.assign(new Error('busy'), { status: 503, headers: { 'retry-after': '20' } });
    expect((await attemptsOf(byPRetry({ retries: 1 }), busy)).times).toEqual([0, 1_000]);
    expect((await attemptsOf((fn) => retry(fn, { maxRetries: 1 }), busy)).times).toEqual([0, 20_000]);
  });

  it('p-retry tries an HTTP 404 again; here an answer is not, unless `retryOn` says so', async () => {
    const missing = () => Object.assign(new Error('not found'), { status: 404 });
    expect((await attemptsOf(byPRetry({ retries: 1 }), missing)).times).toHaveLength(2);
    expect((await attemptsOf((fn) => retry(fn, { maxRetries: 1 }), missing)).times).toHaveLength(1);
    expect((await attemptsOf(like({ retries: 1 }), missing)).times).toHaveLength(2);
  });
});

describe('the policy like cockatiel’s retry', () => {
  it.each([
    [
      'ConstantBackoff',
      { maxAttempts: 3, backoff: new ConstantBackoff(100) },
      { maxRetries: 3, delays: [100] },
    ],
    ['no backoff', { maxAttempts: 3 }, { maxRetries: 3, delays: [0] }],
    [
      'ExponentialBackoff without jitter',
      { maxAttempts: 9, backoff: new ExponentialBackoff({ generator: noJitterGenerator }) },
      { maxRetries: 9, initialDelay: 128, maxDelay: '30s', jitter: 'none' },
    ],
  ] as const)('makes the same attempts at the same times, with %s', async (_, options, policy) => {
    const old = await attemptsOf((fn) => oldRetry(handleAll, options).execute(fn));
    const exact = { ...policy, retryOn: () => true, maxElapsed: Infinity, respectRetryAfter: false };
    expect(await attemptsOf((fn) => withRetry(exact)(fn)())).toEqual(old);
    expect(old.times).toHaveLength(options.maxAttempts + 1);
  });

  it('differs where a caller aborts while it waits: cockatiel makes one attempt more, and here the wait ends', async () => {
    const abortingAfter = async (
      run: (signal: AbortSignal) => (fn: () => Promise<never>) => Promise<unknown>,
    ) => {
      const caller = new AbortController();
      setTimeout(() => caller.abort(), 50);
      return (await attemptsOf(run(caller.signal))).times;
    };
    const backoff = new ConstantBackoff(100);
    expect(
      await abortingAfter(
        (signal) => (fn) => oldRetry(handleAll, { maxAttempts: 3, backoff }).execute(fn, signal),
      ),
    ).toEqual([0, 100]);
    expect(
      await abortingAfter((signal) => (fn) => withRetry({ maxRetries: 3, delays: [100], signal })(fn)()),
    ).toEqual([0]);
  });

  it('differs where a circuit is open: cockatiel asks it again and again, and here the retry ends', async () => {
    const refusal = new BrokenCircuitError();
    const policy = { maxRetries: 3, delays: [100], retryOn: () => true };
    const breaker = new CircuitBreaker();
    breaker.force('open');
    const own = await attemptsOf(
      (fn) => oldRetry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(100) }).execute(fn),
      () => refusal,
    );
    expect(own.times).toEqual([0, 100, 200, 300]);
    const { error } = breaker.tryCall(() => 1) as { error: unknown };
    expect(
      (
        await attemptsOf(
          (fn) => withRetry(policy)(fn)(),
          () => error,
        )
      ).times,
    ).toEqual([0]);
  });
});
