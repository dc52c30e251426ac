import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  CountBreaker,
  ExponentialBackoff,
  handleAll,
  handleType,
  type IBackoffFactory,
  type IBreaker,
  isBrokenCircuitError,
  noJitterGenerator,
  SamplingBreaker,
} from 'cockatiel';
import fc from 'fast-check';
import { anyStep, failing, SideBySide, type Step, succeeding } from '../side-by-side.js';
import { likeConsecutiveBreaker, likeCountBreaker, likeSamplingBreaker } from './policy.js';

afterEach(() => void jest.useRealTimers());

function sideBySide(
  breaker: IBreaker,
  halfOpenAfter: number | IBackoffFactory<unknown>,
  policy: CircuitBreakerPolicy,
): SideBySide {
  jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'queueMicrotask', 'performance', 'hrtime'] });
  const old = circuitBreaker(handleAll, { breaker, halfOpenAfter });
  return new SideBySide(
    {
      guard: (fn) => old.execute(fn),
      isRefusal: isBrokenCircuitError,
      elapse: (ms) => jest.setSystemTime(Date.now() + ms),
    },
    policy,
  );
}

const anySteps = (longest: number): fc.Arbitrary<Step[]> => fc.array(anyStep(longest), { maxLength: 60 });
const anyReset = fc.constantFrom(500, 10_000);
const anyThreshold = fc.oneof(
  fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100),
  fc.constantFrom(0.25, 0.5, 0.75), // which are reached exactly
);

/** Goes through the steps until the circuits have recovered. */
async function expectAlike(both: SideBySide, steps: readonly Step[]): Promise<void> {
  let hasOpened = false;
  for (const step of steps) {
    const { old, ours, isClosed } = await both.call(step);
    expect(ours).toBe(old);
    if (hasOpened && isClosed) return;
    hasOpened ||= !isClosed;
  }
}

describe('the policy like cockatiel’s', () => {
  it('ConsecutiveBreaker admits, refuses and probes alike, outage after outage', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), anyReset, anySteps(6_000), async (n, reset, steps) => {
        const both = sideBySide(new ConsecutiveBreaker(n), reset, likeConsecutiveBreaker(n, reset));
        const { old, ours } = await both.calls(steps);
        expect(ours).toEqual(old);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('ConsecutiveBreaker with a backoff waits as long after each failed probe', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 100, max: 3_000 }), anySteps(9_000), async (initialDelay, steps) => {
        const maxDelay = 12_000;
        const backoff = new ExponentialBackoff({ generator: noJitterGenerator, initialDelay, maxDelay });
        const resetTimeout = { initialDelay, factor: 2, maxDelay };
        const both = sideBySide(new ConsecutiveBreaker(1), backoff, {
          ...likeConsecutiveBreaker(1, 1),
          resetTimeout,
        });
        const { old, ours } = await both.calls(steps);
        expect(ours).toEqual(old);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('CountBreaker admits, refuses and probes alike, until it has recovered', async () => {
    const anyOptions = fc
      .record({ threshold: anyThreshold, size: fc.integer({ min: 1, max: 20 }) })
      .chain(({ threshold, size }) =>
        fc.record({
          threshold: fc.constant(threshold),
          size: fc.constant(size),
          minimumNumberOfCalls: fc.integer({ min: 1, max: size }),
        }),
      );
    await fc.assert(
      fc.asyncProperty(anyOptions, anyReset, anySteps(6_000), (options, reset, steps) =>
        expectAlike(sideBySide(new CountBreaker(options), reset, likeCountBreaker(options, reset)), steps),
      ),
      { numRuns: 300 },
    );
  }, 60_000);

  it('SamplingBreaker opens alike by the calls of one window, and probes alike until it has recovered', async () => {
    // 60 calls of at most 150 ms are 9 s: up to there both have all of them in their windows of 10 s.
    const anyOptions = fc.record({ threshold: anyThreshold, minimumRps: fc.constantFrom(0.1, 0.5, 1, 3) });
    await fc.assert(
      fc.asyncProperty(anyOptions, fc.constantFrom(50, 500), anySteps(150), (given, reset, any) => {
        const steps = any.map((step) => ({ ...step, wait: Math.min(step.wait, 150) }));
        const options = { duration: 10_000, ...given };
        return expectAlike(
          sideBySide(new SamplingBreaker(options), reset, likeSamplingBreaker(options, reset)),
          steps,
        );
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('SamplingBreaker without minimumRps needs 5 failures a second: 100 calls in 10 s at a threshold of 0.5', async () => {
    const options = { threshold: 0.5, duration: 10_000 };
    const both = sideBySide(new SamplingBreaker(options), 1_000, likeSamplingBreaker(options, 1_000));
    const { old, ours } = await both.calls([...failing(99), ...failing(2)]);
    expect(ours).toEqual(old);
    expect(old.slice(-2)).toEqual(['failed', 'refused']);
  });
});

describe('what differs from cockatiel', () => {
  it('after a recovery by a window, the probe is in cockatiel’s window, and not in the one here', async () => {
    const options = { threshold: 0.5, size: 4 };
    const both = sideBySide(new CountBreaker(options), 1_000, likeCountBreaker(options, 1_000));
    await both.calls([...failing(4), ...succeeding(1, 1_000)]);
    expect(await both.calls(failing(4))).toEqual({
      old: ['failed', 'failed', 'failed', 'refused'],
      ours: ['failed', 'failed', 'failed', 'failed'],
    });
  });

  it('SamplingBreaker still counts failures that are older than its duration, after a pause', async () => {
    const options = { threshold: 0.5, duration: 10_000, minimumRps: 0.5 };
    const both = sideBySide(new SamplingBreaker(options), 1_000, likeSamplingBreaker(options, 1_000));
    await both.calls(failing(4));
    const hour = 3_600_000;
    expect(await both.calls([...failing(1, hour), ...failing(1)])).toEqual({
      old: ['failed', 'refused'],
      ours: ['failed', 'failed'],
    });
  });

  it('by default, a circuit here needs two good probes after 60 s', async () => {
    const both = sideBySide(new ConsecutiveBreaker(5), 10_000, {});
    await both.calls(failing(5));
    await both.calls(succeeding(1, 60_000));
    expect(both.breaker.snapshot()).toMatchObject({ state: 'half-open', successes: 1 });
  });

  it('a call that comes while a probe is out waits for it in cockatiel, and is refused here', async () => {
    jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'queueMicrotask', 'performance', 'hrtime'] });
    const old = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(1), halfOpenAfter: 1_000 });
    const clock = new ManualClock();
    const ours = new CircuitBreaker(likeConsecutiveBreaker(1, 1_000), { clock });
    const down = async (): Promise<string> => Promise.reject(new Error('down'));
    await old.execute(down).catch(() => '');
    await ours.tryCall(down);
    jest.setSystemTime(1_000);
    clock.advance(1_000);
    let succeed = (): void => undefined;
    const probe = (): Promise<string> => new Promise((resolve) => (succeed = () => resolve('the probe')));
    const second = async (): Promise<string> => 'the second';

    const waiting = [old.execute(probe), old.execute(second)];
    succeed();
    expect(await Promise.all(waiting)).toEqual(['the probe', 'the second']);
    const first = ours.call(probe);
    await expect(ours.call(second)).rejects.toThrow('half-open');
    succeed();
    expect(await first).toBe('the probe');
  });

  it('an error that it does not handle closes cockatiel’s half-open circuit; here its permit comes back', async () => {
    jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'queueMicrotask', 'performance', 'hrtime'] });
    class Outage extends Error {}
    const old = circuitBreaker(handleType(Outage), {
      breaker: new ConsecutiveBreaker(1),
      halfOpenAfter: 1_000,
    });
    const clock = new ManualClock();
    const policy = { ...likeConsecutiveBreaker(1, 1_000), expectedErrors: Outage };
    const ours = new CircuitBreaker(policy, { clock });
    const rejecting = (error: Error) => async (): Promise<string> => Promise.reject(error);
    await old.execute(rejecting(new Outage())).catch(() => '');
    await ours.tryCall(rejecting(new Outage()));
    jest.setSystemTime(1_000);
    clock.advance(1_000);
    await old.execute(rejecting(new Error('bad input'))).catch(() => '');
    await ours.tryCall(rejecting(new Error('bad input')));
    expect([old.state, ours.state]).toEqual([CircuitState.Closed, 'half-open']);
    await ours.tryCall(async () => 'well');
    expect(ours.state).toBe('closed');
  });

  it('`handleAll` takes an HTTP 404 for a failure; here `expectedErrors: () => true` does', async () => {
    const missing = async (): Promise<string> =>
      Promise.reject(Object.assign(new Error('not found'), { status: 404 }));
    const old = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(1), halfOpenAfter: 1_000 });
    await old.execute(missing).catch(() => '');
    expect(old.state).toBe(CircuitState.Open);
    for (const [policy, state] of [
      [{ failureThreshold: 1 }, 'closed'],
      [likeConsecutiveBreaker(1, 1_000), 'open'],
    ] as const) {
      const ours = new CircuitBreaker(policy);
      await ours.tryCall(missing);
      expect(ours.state).toBe(state);
    }
  });
});
