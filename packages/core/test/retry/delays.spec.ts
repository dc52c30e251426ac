import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type AttemptOutcome,
  CircuitBreaker,
  type Duration,
  type Fault,
  isPolicyError,
  Panel,
  type RetryPolicy,
  withRetry,
} from '@switchgear/core';
import { flaky, rejectionOf } from '../support/attempts-to-make.js';
import { heardWarnings } from '../support/heard-warnings.js';
import { JumpingClock } from '../support/jumping-clock.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** How long a retry waits that never fares better. */
async function waits(policy: RetryPolicy, random = () => 0.5): Promise<readonly number[]> {
  const clock = new JumpingClock();
  await rejectionOf(withRetry(policy, { clock, random })(flaky(Infinity).attempt)());
  return clock.sleeps;
}

function faultsOf(policy: unknown): readonly Fault[] {
  try {
    withRetry(policy as RetryPolicy);
  } catch (error) {
    if (isPolicyError(error)) return error.faults;
    throw error;
  }
  return [];
}

describe('a list of delays', () => {
  it('is waited for as it is written, and its length is the number of retries', async () => {
    expect(await waits({ delays: ['10ms', 200, '1s'] })).toEqual([10, 200, 1_000]);
  });

  it('has its last one used again where there are more retries', async () => {
    expect(await waits({ delays: [10, 20], maxRetries: 4 })).toEqual([10, 20, 20, 20]);
  });

  it('is not used up where there are fewer', async () => {
    expect(await waits({ delays: [10, 20, 30], maxRetries: 1 })).toEqual([10]);
  });

  it.each([
    ['full', [50, 100]],
    ['equal', [75, 150]],
  ] as const)('is spread by jitter %s where the policy says so', async (jitter, expected) => {
    expect(await waits({ delays: [100, 200], jitter })).toEqual(expected);
  });

  it('may hold delays longer than a minute', async () => {
    expect(await waits({ delays: ['10s', '5m'], maxElapsed: '1h' })).toEqual([10_000, 300_000]);
  });

  it('is copied: what is written into it later changes nothing', async () => {
    const delays: Duration[] = [10];
    const clock = new JumpingClock();
    const guard = withRetry({ delays }, { clock });
    delays[0] = 99;
    await rejectionOf(guard(flaky(Infinity).attempt)());
    expect(clock.sleeps).toEqual([10]);
  });
});

describe('a function for delays', () => {
  it('is asked before each retry, by its number and what happened', async () => {
    const asked: [number, AttemptOutcome][] = [];
    const delays = (retry: number, outcome: AttemptOutcome): Duration => {
      asked.push([retry, outcome]);
      return `${retry * 10}ms`;
    };
    expect(await waits({ delays })).toEqual([10, 20, 30]);
    expect(asked).toMatchObject([
      [1, { status: 'failed', error: { message: 'failure 1' } }],
      [2, { status: 'failed', error: { message: 'failure 2' } }],
      [3, { status: 'failed', error: { message: 'failure 3' } }],
    ]);
  });

  it('gives way to maxDelay', async () => {
    expect(await waits({ delays: () => '1h', maxDelay: '2s', maxRetries: 1 })).toEqual([2_000]);
  });

  it.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('no table');
      },
      'delays of a retry threw: no table',
    ],
    ['returns no duration', () => -5, 'delays of a retry returned no duration: -5'],
  ])('that %s is a warning, and the delays are those of a policy without it', async (_, delays, warning) => {
    const warnings = heardWarnings();
    expect(await waits({ delays: delays as () => number, maxRetries: 2 })).toEqual([100, 200]);
    expect(warnings).toEqual([warning, warning]);
  });
});

describe('linear growth', () => {
  it('adds the initial delay each time', async () => {
    expect(await waits({ growth: 'linear', jitter: 'none' })).toEqual([100, 200, 300]);
  });

  it('ends at maxDelay', async () => {
    expect(await waits({ growth: 'linear', jitter: 'none', initialDelay: '2s', maxDelay: '5s' })).toEqual([
      2_000, 4_000, 5_000,
    ]);
  });

  it('is spread like the other', async () => {
    expect(await waits({ growth: 'linear' })).toEqual([50, 100, 150]);
  });
});

it('delays that are written out leave waits for a circuit to the backoff, spread', async () => {
  const clock = new JumpingClock();
  const panel = new Panel({ circuits: 1, clock });
  const breaker = new CircuitBreaker({ failureThreshold: 1, resetTimeout: '5s' }, { panel });
  const policy: RetryPolicy = { delays: [7], waitForCircuit: true };
  await withRetry(policy, { clock, random: () => 0.5 })(breaker.wrap(flaky(1).attempt))();
  expect(clock.sleeps).toEqual([7, 4_993 + 50]);
});

describe('a fault', () => {
  it.each<[string, object, string[]]>([
    ['an empty list', { delays: [] }, ['delays']],
    ['a single delay', { delays: '5s' }, ['delays']],
    ['an async function', { delays: async () => 5 }, ['delays']],
    ['what is no duration', { delays: [5, '7 s', -1] }, ['delays[1]', 'delays[2]']],
    ['a delay above maxDelay', { delays: [5, '2s'], maxDelay: '1s' }, ['delays[1]']],
    ['a first delay that the default of maxElapsed leaves no time for', { delays: ['31s'] }, ['delays[0]']],
    ['initialDelay beside delays', { delays: [5], initialDelay: 5 }, ['initialDelay']],
    ['factor beside delays', { delays: () => 5, factor: 3 }, ['factor']],
    ['growth beside delays', { delays: [5], growth: 'linear' }, ['growth']],
    ['decorrelated jitter beside delays', { delays: [5], jitter: 'decorrelated' }, ['jitter']],
    ['factor beside linear growth', { growth: 'linear', factor: 3 }, ['factor']],
    ['decorrelated jitter beside linear growth', { growth: 'linear', jitter: 'decorrelated' }, ['jitter']],
    ['a growth that is none', { growth: 'quadratic' }, ['growth']],
    [
      'maxRetryAfter where no Retry-After is waited for',
      { maxRetryAfter: '1m', respectRetryAfter: false },
      ['maxRetryAfter'],
    ],
  ])('is %s', (_, policy, paths) => {
    expect(faultsOf(policy).map(({ path }) => path)).toEqual(paths);
  });

  it.each<[string, object]>([
    ['a list beside maxRetries: Infinity', { delays: [5], maxRetries: Infinity }],
    ['no delay', { delays: [0] }],
    ['a factor beside exponential growth', { growth: 'exponential', factor: 3 }],
    ['undefined for absent', { delays: undefined, growth: undefined, factor: 2 }],
  ])('is not %s', (_, policy) => {
    expect(faultsOf(policy)).toEqual([]);
  });
});
