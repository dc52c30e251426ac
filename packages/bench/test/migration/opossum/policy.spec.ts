import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CircuitBreaker } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import fc from 'fast-check';
import Opossum from 'opossum';
import { anyStep, failing, type Guard, SideBySide, succeeding } from '../side-by-side.js';
import { policyLikeOpossum } from './policy.js';

const breakers: Opossum[] = [];

afterEach(() => {
  for (const breaker of breakers.splice(0)) breaker.shutdown();
  jest.useRealTimers();
});

/** An opossum breaker beside the circuit of a policy, by default of the one that is like it. */
function sideBySide(options: Opossum.Options, policy = policyLikeOpossum(options)): SideBySide {
  jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'queueMicrotask', 'performance', 'hrtime'] });
  const breaker = new Opossum((fn: () => Promise<string>) => fn(), { timeout: false, ...options });
  breakers.push(breaker);
  return new SideBySide(
    {
      guard: (fn) => breaker.fire(fn),
      isRefusal: (error) => (error as { code?: string }).code === 'EOPENBREAKER',
      elapse: (ms) => jest.advanceTimersByTime(ms),
    },
    policy,
  );
}

const anyOptions = fc.record({
  volumeThreshold: fc.nat(12),
  errorThresholdPercentage: fc.integer({ min: 0, max: 99 }),
  rollingCountTimeout: fc.constantFrom(1_000, 10_000),
  resetTimeout: fc.constantFrom(500, 30_000),
});

describe('the policy like opossum’s', () => {
  it('admits, refuses and probes as opossum does, until it has recovered', async () => {
    await fc.assert(
      fc.asyncProperty(anyOptions, fc.array(anyStep(2_000), { maxLength: 60 }), async (options, steps) => {
        const both = sideBySide(options);
        let hasOpened = false;
        for (const step of steps) {
          const { old, ours, isClosed } = await both.call(step);
          expect(ours).toBe(old);
          if (hasOpened && isClosed) return;
          hasOpened ||= !isClosed;
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('does so outage after outage, where no call comes for a whole window after each recovery', async () => {
    await fc.assert(
      fc.asyncProperty(anyOptions, fc.array(anyStep(2_000), { maxLength: 60 }), async (options, steps) => {
        const both = sideBySide(options);
        let wasClosed = true;
        for (const step of steps) {
          const { old, ours, isClosed } = await both.call(step);
          expect(ours).toBe(old);
          if (isClosed && !wasClosed) both.elapse(options.rollingCountTimeout);
          wasClosed = isClosed;
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('needs a whole number of percent and a window of fewer than 10,000 calls', async () => {
    const both = sideBySide({ volumeThreshold: 4 });
    const half = await both.calls([...succeeding(2), ...failing(2), ...succeeding(1), ...failing(2)]);
    expect(half.ours).toEqual(half.old);
    expect(half.old.at(-1)).toBe('failed');
    expect((await both.calls(failing(1))).ours).toEqual(['refused']);
  });

  it('does not exist for 100 percent, at which opossum never opens', async () => {
    expect(() => policyLikeOpossum({ errorThresholdPercentage: 100 })).not.toThrow();
    expect(() => new CircuitBreaker(policyLikeOpossum({ errorThresholdPercentage: 100 }))).toThrow(
      'window.failureRate',
    );
  });
});

describe('what differs from opossum', () => {
  it('by default, opossum opens at the first failure, and a circuit here at the fifth in a row', async () => {
    const { old, ours } = await sideBySide({}, {}).calls(failing(6));
    expect(old).toEqual(['failed', ...Array<string>(5).fill('refused')]);
    expect(ours).toEqual([...Array<string>(5).fill('failed'), 'refused']);
  });

  it('by default, opossum probes after 30 s and closes by one success; here it is 60 s and two', async () => {
    const both = sideBySide({}, {});
    await both.calls(failing(5));
    expect(await both.calls(succeeding(1, 30_000))).toEqual({ old: ['succeeded'], ours: ['refused'] });
    await both.calls(succeeding(1, 30_000));
    expect(both.breaker.snapshot()).toMatchObject({ state: 'half-open', successes: 1 });
  });

  it('after a recovery, opossum still has the refused calls in its window, and opens later', async () => {
    const both = sideBySide({ volumeThreshold: 2, resetTimeout: 5_000 });
    // Two failures, six refused calls, a good probe, and then two failures more.
    await both.calls([...failing(2), ...failing(6), ...succeeding(1, 5_000)]);
    expect(await both.calls(failing(3))).toEqual({
      old: ['failed', 'failed', 'failed'],
      ours: ['failed', 'failed', 'refused'],
    });
  });

  it('a call that is in flight counts at once in opossum, and when it ends here', async () => {
    const openAfter = async (guard: Guard, isOpen: () => boolean): Promise<number> => {
      let failures = 0;
      const ends: (() => void)[] = [];
      const hang = (): Promise<string> =>
        new Promise((_, reject) => ends.push(() => reject(new Error('down'))));
      const calls = Array.from({ length: 4 }, () => guard(hang).catch(() => ''));
      for (const [index, end] of ends.entries()) {
        end();
        await calls[index];
        if (!isOpen()) failures++;
      }
      return failures + 1;
    };
    const breaker = new Opossum((fn: () => Promise<string>) => fn(), { timeout: false, volumeThreshold: 4 });
    breakers.push(breaker);
    const ours = new CircuitBreaker(policyLikeOpossum({ volumeThreshold: 4 }));
    expect(
      await openAfter(
        (fn) => breaker.fire(fn),
        () => breaker.opened,
      ),
    ).toBe(3);
    expect(
      await openAfter(
        (fn) => ours.call(fn),
        () => ours.state === 'open',
      ),
    ).toBe(4);
  });

  it('an error that is filtered closes opossum’s half-open circuit; here it does so if it is an answer', async () => {
    jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'queueMicrotask', 'performance', 'hrtime'] });
    class Odd extends Error {}
    const isOdd = (error: unknown): boolean => error instanceof Odd;
    const reject = (status?: number) => async (): Promise<string> => {
      throw Object.assign(new Odd('odd'), { status });
    };
    const closesBy = async (status?: number): Promise<readonly [boolean, boolean]> => {
      const breaker = new Opossum((fn: () => Promise<string>) => fn(), {
        timeout: false,
        errorFilter: isOdd,
      });
      breakers.push(breaker);
      const old = (fn: () => Promise<string>) => breaker.fire(fn).catch(() => '');
      await old(async () => Promise.reject(new Error('down')));
      jest.advanceTimersByTime(30_000);
      await old(reject(status));
      const clock = new ManualClock();
      const expectedErrors = (error: unknown): boolean => !isOdd(error);
      const ours = new CircuitBreaker(
        { failureThreshold: 1, successThreshold: 1, expectedErrors },
        { clock },
      );
      await ours.tryCall(async () => Promise.reject(new Error('down')));
      clock.advance(60_000);
      await ours.tryCall(reject(status));
      return [breaker.closed, ours.state === 'closed'];
    };
    expect(await closesBy()).toEqual([true, false]);
    expect(await closesBy(404)).toEqual([true, true]);
  });

  it.each([
    ['HTTP 404', Object.assign(new Error('not found'), { status: 404 })],
    ['HTTP 401', Object.assign(new Error('who are you'), { status: 401 })],
  ])('%s is a failure to opossum, and here only where `expectedErrors` says so', async (_, error) => {
    const throwing = async (): Promise<string> => Promise.reject(error);
    const breaker = new Opossum(throwing);
    breakers.push(breaker);
    await breaker.fire().catch(() => '');
    expect(breaker.opened).toBe(true);
    const byDefault = new CircuitBreaker({ failureThreshold: 1 });
    await byDefault.tryCall(throwing);
    expect(byDefault.state).toBe('closed');
    const told = new CircuitBreaker({ failureThreshold: 1, expectedErrors: () => true });
    await told.tryCall(throwing);
    expect(told.state).toBe('open');
  });

  it('an abort of the caller is a failure to opossum, and never here', async () => {
    const aborted = async ({ signal }: { signal: AbortSignal }): Promise<string> => {
      signal.throwIfAborted();
      return '';
    };
    const breaker = new Opossum(aborted);
    breakers.push(breaker);
    await breaker.fire({ signal: AbortSignal.abort() }).catch(() => '');
    expect(breaker.opened).toBe(true);
    const ours = new CircuitBreaker({ failureThreshold: 1, expectedErrors: () => true });
    await ours.tryCall(aborted, { signal: AbortSignal.abort() });
    expect(ours.state).toBe('closed');
  });

  it('a refusal of a circuit further in is a failure to opossum, and never here', async () => {
    const inner = new CircuitBreaker();
    inner.force('open');
    const refused = async (): Promise<string> => inner.call(async () => '');
    const breaker = new Opossum(refused);
    breakers.push(breaker);
    await breaker.fire().catch(() => '');
    expect(breaker.opened).toBe(true);
    const ours = new CircuitBreaker({ failureThreshold: 1, expectedErrors: () => true });
    await ours.tryCall(refused);
    expect(ours.state).toBe('closed');
  });

  it('opossum always returns promises; here a sync function stays sync', async () => {
    const breaker = new Opossum((() => 1) as unknown as () => Promise<number>);
    breakers.push(breaker);
    expect(breaker.fire()).toBeInstanceOf(Promise);
    expect(new CircuitBreaker().call(() => 1)).toBe(1);
  });
});
