import { describe, expect, it } from '@jest/globals';
import { RateLimit, type RateLimitEvent, type RateLimitPolicy } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { turns } from '../support/pending-calls.js';

const busy = (seconds: string): Error =>
  Object.assign(new Error('busy'), { status: 429, headers: { 'retry-after': seconds } });

function limited(policy: RateLimitPolicy<never>) {
  const clock = new ManualClock();
  const limit = new RateLimit(policy, { clock });
  const begun: number[] = [];
  const begin = (): void => void begun.push(clock.now());
  const pass = async (ms: number): Promise<void> => {
    for (let rest = ms; rest > 0; rest -= 100) {
      clock.advance(Math.min(100, rest));
      await turns();
    }
  };
  const fail = async (seconds: string): Promise<void> => {
    await limit.tryCall(async () => Promise.reject(busy(seconds)));
  };
  return { clock, limit, begun, begin, pass, fail };
}

describe('a 429 with Retry-After', () => {
  it('holds calls until then', async () => {
    const { limit, begin, begun, pass, fail } = limited({ limit: 100 });
    await fail('3');
    expect(await limit.tryCall(begin)).toMatchObject({
      status: 'refused',
      error: { reason: 'hold', retryAfter: 3_000 },
    });
    await pass(2_900);
    expect(await limit.tryCall(begin)).toMatchObject({ status: 'refused' });
    await pass(100);
    await limit.call(begin);
    expect(begun).toEqual([3_000]);
  });

  it('moves the earliest slot of the calls that wait to its end, and the others with it', async () => {
    const { limit, begin, begun, pass } = limited({ limit: 1, burst: 2, maxWait: '1m' });
    let reject: (error: Error) => void = () => undefined;
    void limit.tryCall(async () => new Promise((_, no) => (reject = no)));
    void limit.call(begin);
    void limit.call(begin);
    void limit.call(begin);
    expect(begun).toEqual([0]);
    await pass(500);
    reject(busy('10'));
    await turns();
    await pass(15_000);
    expect(begun).toEqual([0, 10_500, 11_500]);
  });

  it('refuses at once those that lie beyond what they can wait then', async () => {
    const { limit, begin, pass } = limited({ limit: 1, burst: 2, maxWait: '5s' });
    let reject: (error: Error) => void = () => undefined;
    void limit.tryCall(async () => new Promise((_, no) => (reject = no)));
    void limit.call(begin);
    const late = limit.call(begin).catch((error: unknown) => error);
    await pass(100);
    reject(busy('60'));
    await turns();
    expect(await late).toMatchObject({ code: 'ERR_RATE_LIMIT', reason: 'hold' });
  });

  it('holds for maxRetryAfter at most, an hour where that is not given', async () => {
    const short = limited({ limit: 100, maxRetryAfter: '2s' });
    await short.fail('60');
    expect(short.limit.snapshot().retryAfter).toBe(2_000);
    const long = limited({ limit: 100 });
    await long.fail('100000');
    expect(long.limit.snapshot().retryAfter).toBe(3_600_000);
  });

  it('is not shortened by one that ends earlier', async () => {
    const { limit, fail, clock } = limited({ limit: 100 });
    const first = fail('10');
    const second = fail('2');
    await Promise.all([first, second]);
    expect(limit.snapshot().retryAfter).toBe(10_000);
    clock.advance(10_000);
    expect(limit.explain()).toMatchObject({ admits: true, reason: 'free' });
  });

  it('holds nothing where the policy says so', async () => {
    const { limit, fail } = limited({ limit: 100, respectRetryAfter: false });
    await fail('10');
    expect(limit.snapshot().heldUntil).toBeUndefined();
  });

  it('is understood where a response is returned and not thrown, and is told of', async () => {
    const { limit } = limited({ key: 'hold-spec-response', limit: 100 });
    const heard: RateLimitEvent[] = [];
    limit.subscribe((event) => heard.push(event));
    await limit.call(() => new Response('', { status: 429, headers: { 'retry-after': '7' } }));
    expect(limit.snapshot().retryAfter).toBe(7_000);
    expect(heard).toMatchObject([{ type: 'hold', key: 'hold-spec-response' }]);
    expect(limit.explain().text).toBe(
      'Rate limit "hold-spec-response" of 100 in 1s is held, as the dependency has asked. The next slot is in 7s.',
    );
  });
});
