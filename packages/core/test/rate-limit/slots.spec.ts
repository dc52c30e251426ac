import { describe, expect, it } from '@jest/globals';
import {
  isRateLimitError,
  isRetryable,
  Panel,
  RateLimit,
  type RateLimitEvent,
  type RateLimitPolicy,
  withRateLimit,
  withRetry,
  withDeadline,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { turns } from '../support/pending-calls.js';

/** A rate limit on a clock of its own, and when its calls began. */
function limited(policy: RateLimitPolicy<never>) {
  const clock = new ManualClock(1_000);
  const limit = new RateLimit(policy, { clock });
  const begun: number[] = [];
  const begin = (): void => void begun.push(clock.now() - 1_000);
  /** Moves the clock in small steps, so that each call begins at its own moment. */
  const pass = async (ms: number): Promise<void> => {
    for (let rest = ms; rest > 0; rest -= 50) {
      clock.advance(Math.min(50, rest));
      await turns();
    }
  };
  return { clock, limit, begun, begin, pass };
}

describe('a rate limit', () => {
  it('lets as many calls begin at once as its burst, and then one for each interval', async () => {
    const { limit, begin, begun, clock } = limited({ limit: 4, per: '2s', burst: 2 });
    for (let i = 0; i < 3; i++) await limit.tryCall(begin);
    expect(begun).toEqual([0, 0]);
    clock.advance(499);
    expect(await limit.tryCall(begin)).toMatchObject({ status: 'refused' });
    clock.advance(1);
    await limit.call(begin);
    expect(begun).toEqual([0, 0, 500]);
  });

  it('has a burst of its limit, so that the first time takes up to twice the limit', async () => {
    const { limit, begin, begun, pass } = limited({ limit: 10 });
    for (let i = 0; i < 19; i++) {
      await pass(50);
      await limit.tryCall(begin);
    }
    for (let i = 0; i < 10; i++) await limit.tryCall(begin);
    expect(begun.length).toBeGreaterThan(10);
    expect(begun.length).toBeLessThanOrEqual(20);
  });

  it.each([[3], [7], [1_000], [999_983]])('of %i a second lets all of them begin at once', async (n) => {
    const { limit } = limited({ limit: n });
    const calls = Math.min(n, 2_000);
    for (let i = 0; i < calls; i++) expect((await limit.tryCall(() => 1)).status).toBe('succeeded');
    if (calls === n) expect((await limit.tryCall(() => 1)).status).toBe('refused');
  });

  it('of 1 a second lets one call begin each second', async () => {
    const { limit, begin, begun, clock } = limited({ limit: 1 });
    for (let i = 0; i < 40; i++) {
      await limit.tryCall(begin);
      clock.advance(250);
    }
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((second) => second * 1_000));
  });

  it('of 1,000,000 a second lets so many begin, and no more, while time passes', () => {
    const clock = new ManualClock();
    const panel = new Panel({ clock, circuits: 16 });
    const policy = { key: 'million', limit: 1_000_000, burst: 10 };
    const guarded = withRateLimit(policy, { panel })(() => 1);
    let begun = 0;
    for (let i = 0; i < 10_000; i++) {
      try {
        begun += guarded();
      } catch (error) {
        expect(isRateLimitError(error)).toBe(true);
      }
      if (i % 10 === 9) clock.advance(0.005);
    }
    expect(begun).toBe(10 + 999 * 5);
  });

  it('says when to come again', async () => {
    const { limit } = limited({ key: 'slots-spec-again', limit: 1, per: '1m' });
    await limit.call(() => 1);
    const error: unknown = await limit.call(() => 1).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'ERR_RATE_LIMIT',
      policy: 'rate-limit',
      key: 'slots-spec-again',
      reason: 'limit',
      limit: 1,
      per: 60_000,
      retryAfter: 60_000,
      message: 'Rate limit "slots-spec-again" of 1 in 1m is used up: the next slot is in 1m',
    });
    expect(isRetryable(error)).toBe(false);
  });

  it('stands still with its clock, and gives no more when that goes back and on', async () => {
    let now = 5_000;
    const clock = { now: () => now, sleep: async () => undefined };
    const limit = new RateLimit({ limit: 2 }, { clock });
    const begin = async () => (await limit.tryCall(() => 1)).status;
    expect([await begin(), await begin(), await begin()]).toEqual(['succeeded', 'succeeded', 'refused']);
    now = 1_000;
    expect(await begin()).toBe('refused');
    now = 5_000;
    expect(await begin()).toBe('refused');
    now = 6_000;
    expect([await begin(), await begin(), await begin()]).toEqual(['succeeded', 'succeeded', 'refused']);
  });
});

describe('calls that wait', () => {
  it('begin in the order in which they came, each at its slot', async () => {
    const { limit, begun, begin, pass, clock } = limited({ limit: 2, burst: 1, maxWait: '10s' });
    const order: number[] = [];
    const calls = [0, 1, 2, 3].map(async (i) =>
      limit.call(() => {
        order.push(i);
        begin();
      }),
    );
    expect(begun).toEqual([0]);
    await pass(1_500);
    await Promise.all(calls);
    expect([order, begun]).toEqual([
      [0, 1, 2, 3],
      [0, 500, 1_000, 1_500],
    ]);
    expect(clock.sleeping).toBe(0);
  });

  it('have one timer, however many they are', () => {
    const { limit, clock } = limited({ limit: 1, maxWait: '1h' });
    for (let i = 0; i < 100; i++) void limit.call(() => 1).catch(() => undefined);
    expect(clock.sleeping).toBe(1);
  });

  it('are refused at once where their slot is later than they can wait', async () => {
    const { limit, begin } = limited({ limit: 1, maxWait: '2s' });
    for (let i = 0; i < 3; i++) void limit.call(begin);
    await expect(limit.call(begin)).rejects.toMatchObject({ retryAfter: 3_000 });
  });

  it('give back what they have not used when they leave, but no slot moves earlier', async () => {
    const { limit, begun, begin, pass } = limited({ limit: 1, maxWait: '10s' });
    await limit.call(begin);
    const controller = new AbortController();
    const left = limit.call((signal: AbortSignal) => signal.aborted, controller.signal);
    const second = limit.call(begin);
    controller.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await pass(2_000);
    await second;
    expect(begun).toEqual([0, 2_000]);

    const last = new AbortController();
    const alone = limit.call((signal: AbortSignal) => signal.aborted, last.signal);
    last.abort(new Error('gone too'));
    await expect(alone).rejects.toThrow('gone too');
    void limit.call(begin);
    await pass(1_000);
    // The last one gives its slot back whole.
    expect(begun).toEqual([0, 2_000, 3_000]);
  });

  it('leave when the deadline around them is over, and their function is not called any more', async () => {
    const clock = new ManualClock();
    const begun: string[] = [];
    const limited = withRateLimit({ limit: 1, maxWait: '9s' }, { panel: new Panel({ clock, circuits: 8 }) });
    const load = withDeadline(500, { clock })(limited(async (name: string) => begun.push(name)));
    const outcomes = Promise.allSettled([load('a'), load('b')]);
    for (const ms of [500, 1_000]) {
      clock.advance(ms);
      await new Promise(setImmediate);
    }
    expect(begun).toEqual(['a']);
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('leave at once, all 100,000 of them', async () => {
    const { limit, clock } = limited({ limit: 1, maxWait: '365d' });
    const controller = new AbortController();
    const left = Array.from({ length: 100_000 }, async () =>
      limit.call(async (signal: AbortSignal) => signal, controller.signal),
    );
    const outcomes = Promise.allSettled(left);
    controller.abort(new Error('gone'));
    const rejected = (await outcomes).filter(({ status }) => status === 'rejected');
    expect(rejected).toHaveLength(99_999);
    expect(clock.sleeping).toBe(0);
  });

  it('are told of, and so are refusals', async () => {
    const { limit } = limited({ limit: 1, maxWait: '1s' });
    const heard: RateLimitEvent[] = [];
    limit.subscribe((event) => heard.push(event));
    void limit.call(() => 1);
    void limit.call(() => 1);
    await limit.tryCall(() => 1);
    expect(heard).toMatchObject([
      { type: 'wait', policy: 'rate-limit', delay: 1_000 },
      { type: 'refusal', policy: 'rate-limit', reason: 'limit', retryAfter: 2_000 },
    ]);
  });
});

describe('the cost of a call', () => {
  it('is taken from the limit, by a number or by the arguments', async () => {
    const clock = new ManualClock();
    const limit = new RateLimit({ limit: 10, cost: (text: string) => text.length }, { clock });
    const say = (text: string): string => text;
    await limit.call(say, 'four');
    await limit.call(say, 'sixsix');
    expect(limit.snapshot().available).toBe(0);
    expect(await limit.tryCall(say, 'x')).toMatchObject({ status: 'refused' });
    expect(await limit.tryCall(say, '')).toMatchObject({ status: 'succeeded' });
  });

  it.each([[-1], [Number.NaN], [11], [Infinity], ['4'], [undefined]])(
    'of %p fails the call with a RangeError',
    async (cost) => {
      let calls = 0;
      const guarded = withRateLimit({ limit: 10, cost: () => cost as number })(async () => calls++);
      const error: unknown = await withRetry()(guarded)().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RangeError);
      expect(String(error)).toContain('expected a number from 0 to 10, the burst');
      expect(calls).toBe(0);
    },
  );

  it('that throws fails the call with a RangeError, and what was thrown is its cause', async () => {
    const cause = new Error('no tokens');
    let asked = 0;
    const guarded = withRateLimit({
      limit: 10,
      cost: () => {
        asked++;
        throw cause;
      },
    })(async () => 1);
    await expect(withRetry()(guarded)()).rejects.toMatchObject({ name: 'RangeError', cause });
    expect(asked).toBe(1);
  });

  it('above the estimate is a debt, also beyond the burst; below it comes back, never above the burst', async () => {
    const clock = new ManualClock();
    let actual = 25;
    const limit = new RateLimit({ limit: 10, cost: 5, actualCost: () => actual }, { clock });
    await limit.call(() => 1);
    expect(limit.snapshot().available).toBe(-15);
    clock.advance(2_499);
    expect(await limit.tryCall(() => 1)).toMatchObject({ status: 'succeeded' });
    clock.advance(60_000);
    actual = 0;
    await limit.call(() => 1);
    expect(limit.snapshot().available).toBe(10);
  });

  it('is what was estimated where the call fails, and nothing where it is refused further in', async () => {
    const clock = new ManualClock();
    const outer = new RateLimit({ limit: 10, cost: 4 }, { clock });
    const inner = new RateLimit({ limit: 1 }, { clock });
    await inner.call(() => 1);
    await outer.tryCall(async () => Promise.reject(new Error('down')));
    expect(outer.snapshot().available).toBe(6);
    await outer.tryCall(async () => inner.call(() => 1));
    expect(outer.snapshot().available).toBe(6);
  });
});
