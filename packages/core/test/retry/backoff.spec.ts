import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@switchgear/core/testing';
import fc from 'fast-check';
import { type Backoff, ceilingOf, delayBefore, spreadAfter } from '../../src/retry/backoff.js';

const backoff = (fields: Partial<Backoff> = {}): Backoff => ({
  initialDelay: 100,
  maxDelay: 60_000,
  factor: 2,
  growth: 'exponential',
  jitter: 'none',
  ...fields,
});

/** The delays before the first retries, each from the one before. */
function delays(settings: Backoff, count: number, random: () => number): number[] {
  const all: number[] = [];
  for (let retry = 1; retry <= count; retry++) all.push(delayBefore(settings, retry, all.at(-1), random));
  return all;
}

const never = (): number => {
  throw new Error('nobody asked for chance');
};

const anyBackoff = fc
  .record({
    initialDelay: fc.nat(100_000),
    more: fc.nat(10_000_000),
    factor: fc.double({ min: 1, max: 1_000, noNaN: true }),
    growth: fc.constantFrom('exponential' as const, 'linear' as const),
    jitter: fc.constantFrom('none', 'full', 'equal', 'decorrelated'),
  })
  .map(({ more, ...fields }) => ({
    ...fields,
    maxDelay: fields.initialDelay + more,
  }));

const anyRetry = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);

describe('delays without jitter', () => {
  it('grow by their factor and ask for no chance', () => {
    expect(delays(backoff(), 4, never)).toEqual([100, 200, 400, 800]);
    expect(delays(backoff({ factor: 3 }), 3, never)).toEqual([100, 300, 900]);
  });

  it('stand still with a factor of 1', () => {
    expect(delays(backoff({ factor: 1 }), 3, never)).toEqual([100, 100, 100]);
  });

  it('stop growing at maxDelay', () => {
    expect(delays(backoff({ maxDelay: 350 }), 4, never)).toEqual([100, 200, 350, 350]);
  });

  it('are nothing from nothing, however late the retry', () => {
    expect(delayBefore(backoff({ initialDelay: 0 }), 1e9, undefined, never)).toBe(0);
  });

  it('are whole milliseconds', () => {
    expect(delays(backoff({ initialDelay: 10, factor: 1.25 }), 4, never)).toEqual([10, 13, 16, 20]);
  });
});

describe('full jitter', () => {
  it('takes any part of the whole delay', () => {
    expect(delays(backoff({ jitter: 'full' }), 3, () => 0)).toEqual([0, 0, 0]);
    expect(delays(backoff({ jitter: 'full' }), 3, () => 0.5)).toEqual([50, 100, 200]);
  });
});

describe('equal jitter', () => {
  it('keeps half of the delay and takes any part of the other', () => {
    expect(delays(backoff({ jitter: 'equal' }), 3, () => 0)).toEqual([50, 100, 200]);
    expect(delays(backoff({ jitter: 'equal' }), 3, () => 0.5)).toEqual([75, 150, 300]);
  });
});

describe('decorrelated jitter', () => {
  it('lies between initialDelay and three times the delay before, with the default factor', () => {
    expect(delays(backoff({ jitter: 'decorrelated' }), 3, () => 0)).toEqual([100, 100, 100]);
    expect(delays(backoff({ jitter: 'decorrelated' }), 4, () => 0.5)).toEqual([200, 350, 575, 913]);
  });

  it('does not run away with a factor of 1', () => {
    const late = delays(backoff({ jitter: 'decorrelated', factor: 1 }), 10_000, seededRandom(7));
    const mean = late.reduce((sum, delay) => sum + delay, 0) / late.length;
    expect(mean).toBeGreaterThan(150);
    expect(mean).toBeLessThan(250);
  });
});

describe('any delay', () => {
  it('is a whole number from 0 to maxDelay, jitter included, however late the retry', () => {
    fc.assert(
      fc.property(
        anyBackoff,
        anyRetry,
        fc.nat(10_000_000),
        fc.integer(),
        (settings, retry, previous, seed) => {
          const delay = delayBefore(
            settings,
            retry,
            Math.min(previous, settings.maxDelay),
            seededRandom(seed),
          );
          return Number.isInteger(delay) && delay >= 0 && delay <= settings.maxDelay;
        },
      ),
    );
  }, 30_000);

  it('is at most its ceiling, unless it is decorrelated', () => {
    fc.assert(
      fc.property(anyBackoff, anyRetry, fc.integer(), (settings, retry, seed) => {
        fc.pre(settings.jitter !== 'decorrelated');
        return (
          delayBefore(settings, retry, undefined, seededRandom(seed)) <= Math.ceil(ceilingOf(settings, retry))
        );
      }),
    );
  }, 30_000);

  it('never exceeds maxDelay for a source of chance that exceeds 1', () => {
    for (const jitter of ['full', 'equal', 'decorrelated'] as const)
      expect(delayBefore(backoff({ jitter }), 100, 60_000, () => 1.5)).toBe(60_000);
  });
});

describe('the spread of those who wait for one moment', () => {
  it('is full jitter over the ceiling', () => {
    expect(spreadAfter(backoff({ jitter: 'equal' }), 2, () => 0.5)).toBe(100);
  });

  it('is nothing without jitter', () => {
    expect(spreadAfter(backoff(), 2, never)).toBe(0);
  });
});
