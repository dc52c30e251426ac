import { describe, expect, it } from '@jest/globals';
import { retry, type RetryPolicy, withRetry } from '@switchgear/core';
import { ManualClock, seededRandom } from '@switchgear/core/testing';
import { flaky, rejectionOf, throwing, turns } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

function retrying(policy: RetryPolicy = {}) {
  const clock = new JumpingClock();
  return { clock, guard: withRetry({ jitter: 'none', ...policy }, { clock, random: seededRandom(1) }) };
}

describe('a retried function', () => {
  it('is called once when it works', async () => {
    const { attempt, made } = flaky(0);
    expect(await retrying().guard(attempt)()).toBe('ok');
    expect(made()).toBe(1);
  });

  it('is called again until it works', async () => {
    const { attempt, made } = flaky(2);
    expect(await retrying().guard(attempt)()).toBe('ok');
    expect(made()).toBe(3);
  });

  it('is called four times in all, unless told otherwise', async () => {
    const { attempt, made } = flaky(Infinity);
    await rejectionOf(retrying().guard(attempt)());
    expect(made()).toBe(4);
  });

  it.each([0, 1, 5])('is called again %d times at most where the policy says so', async (maxRetries) => {
    const { attempt, made } = flaky(Infinity);
    await rejectionOf(retrying({ maxRetries }).guard(attempt)());
    expect(made()).toBe(maxRetries + 1);
  });

  it('rejects with the very error of the last attempt', async () => {
    const { attempt, errors } = flaky(Infinity);
    expect(await rejectionOf(retrying().guard(attempt)())).toBe(errors[3]);
  });

  it.each([['a text'], [undefined], [null], [0]])(
    'rejects with what is no error as it is: %p',
    async (thrown) => {
      const { attempt, made } = throwing(thrown);
      expect(await rejectionOf(retrying().guard(attempt)())).toBe(thrown);
      expect(made()).toBe(4);
    },
  );

  it('is tried again without end where the policy says so', async () => {
    const { clock, guard } = retrying({ maxRetries: Infinity });
    const { attempt, made } = flaky(5_000);
    expect(await guard(attempt)()).toBe('ok');
    expect(made()).toBe(5_001);
    expect(clock.sleeps.at(-1)).toBe(60_000);
  });

  it('has the same arguments at each attempt', async () => {
    const seen: unknown[] = [];
    const subject = async (...args: unknown[]) => {
      seen.push([...args]);
      args.length = 0;
      if (seen.length < 3) throw new Error('down');
    };
    await retrying().guard(subject)('a', 2);
    expect(seen).toEqual([
      ['a', 2],
      ['a', 2],
      ['a', 2],
    ]);
  });

  it('counts each call alone', async () => {
    const { attempt, made } = flaky(Infinity);
    const guarded = retrying({ maxRetries: 1 }).guard(attempt);
    await Promise.allSettled([guarded(), guarded()]);
    expect(made()).toBe(4);
  });

  it('waits between attempts, and only there', async () => {
    const clock = new ManualClock();
    const { attempt, made } = flaky(1);
    const call = withRetry({ jitter: 'none' }, { clock })(attempt)();
    await turns();
    expect([made(), clock.sleeping]).toEqual([1, 1]);
    clock.advance(99);
    await turns();
    expect(made()).toBe(1);
    clock.advance(1);
    expect(await call).toBe('ok');
    expect(clock.sleeping).toBe(0);
  });

  it('waits longer each time', async () => {
    const { clock, guard } = retrying();
    await rejectionOf(guard(flaky(Infinity).attempt)());
    expect(clock.sleeps).toEqual([100, 200, 400]);
  });

  it('begins with the shortest delay at each call', async () => {
    const { clock, guard } = retrying({ maxRetries: 2 });
    const guarded = guard(flaky(Infinity).attempt);
    await rejectionOf(guarded());
    await rejectionOf(guarded());
    expect(clock.sleeps).toEqual([100, 200, 100, 200]);
  });

  it('grows decorrelated delays from the delay before', async () => {
    const clock = new JumpingClock();
    const guard = withRetry({ jitter: 'decorrelated' }, { clock, random: () => 0.5 });
    await rejectionOf(guard(flaky(Infinity).attempt)());
    expect(clock.sleeps).toEqual([200, 350, 575]);
  });

  it('lets others have their turn between attempts without delay', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 5);
    const policy = { maxRetries: Infinity, initialDelay: 0, signal: stop.signal };
    expect(await rejectionOf(withRetry(policy)(flaky(Infinity).attempt)())).toBe(stop.signal.reason);
  });
});

describe('retry', () => {
  const clock = new JumpingClock();

  it('calls a function until it works', async () => {
    expect(await retry(flaky(2).attempt, {}, { clock })).toBe('ok');
  });

  it('takes a sync function as well', async () => {
    let calls = 0;
    const parse = () => {
      if (++calls < 3) throw new Error('not yet');
      return calls;
    };
    expect(await retry(parse, {}, { clock })).toBe(3);
  });

  it('rejects for a policy that makes no sense, and calls nothing', async () => {
    const { attempt, made } = flaky(0);
    expect(await rejectionOf(retry(attempt, { maxRetries: -1 }))).toMatchObject({ code: 'ERR_POLICY' });
    expect(made()).toBe(0);
  });

  it.each([
    [undefined, 'undefined'],
    [5, '5'],
  ])('rejects for what is no function: %p', async (given, shown) => {
    expect(await rejectionOf(retry(given as never))).toEqual(
      new TypeError(`retry: expected a function, received ${shown}`),
    );
  });
});
