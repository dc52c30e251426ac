import { describe, expect, it } from '@jest/globals';
import {
  type Fault,
  isPolicyError,
  retry,
  type RetryOptions,
  type RetryPolicy,
  withRetry,
} from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { flaky, rejectionOf } from '../support/attempts-to-make.js';
import { heardWarnings } from '../support/heard-warnings.js';
import { JumpingClock } from '../support/jumping-clock.js';

/** What is wrong with options, from the one error that says it. */
function faultsOf(options: unknown): readonly Fault[] {
  try {
    withRetry({}, options as RetryOptions);
  } catch (error) {
    if (isPolicyError(error) && error.subject === 'RetryOptions') return error.faults;
    throw error;
  }
  return [];
}

describe('a fault in the options of a retry', () => {
  it.each([[null], [5], ['clock'], [[]], [() => 0]])('is told of what is none: %p', (options) => {
    expect(faultsOf(options)).toMatchObject([{ path: '', received: options }]);
  });

  it.each<[string, string, readonly unknown[]]>([
    [
      'clock',
      'a clock, with the methods now and sleep',
      [null, 5, {}, Date, { now: () => 0 }, { sleep: async () => {} }, { now: 0, sleep: 0 }],
    ],
    ['random', 'a function', [null, 0.5, {}]],
    ['wallClock', 'a function', [null, 0, new Date()]],
  ])('is told of %s, with what it may be', (path, allowed, values) => {
    const heard = values.map((value) => faultsOf({ [path]: value }));
    expect(heard).toMatchObject(values.map((received) => [{ path, received, allowed }]));
  });

  it('does not come alone: all are told at once, and what was meant', () => {
    expect(faultsOf({ clock: {}, random: 1, wallclock: Date.now })).toMatchObject([
      { path: 'clock' },
      { path: 'random' },
      { path: 'wallclock', unknown: true, suggestion: 'wallClock' },
    ]);
  });

  it('is told by retry as well, which calls nothing', async () => {
    const { attempt, made } = flaky(0);
    expect(await rejectionOf(retry(attempt, {}, null as never))).toMatchObject({ subject: 'RetryOptions' });
    expect(made()).toBe(0);
  });

  it.each<[string, unknown]>([
    ['absent', undefined],
    ['empty', {}],
    ['undefined for absent', { clock: undefined, random: undefined, wallClock: undefined }],
    ['a clock whose methods are inherited', { clock: new ManualClock() }],
    ['frozen', Object.freeze({ random: () => 0 })],
  ])('is none in options that are %s', (_, options) => {
    expect(faultsOf(options)).toEqual([]);
  });
});

describe('a random that is no good', () => {
  const retrying = (random: () => unknown, policy: RetryPolicy = {}) => {
    const clock = new JumpingClock();
    return { clock, guard: withRetry(policy, { clock, random: random as () => number }) };
  };
  const broken = () => {
    throw new Error('no entropy');
  };

  it.each<[string, () => unknown]>([
    ['throws', broken],
    ['returns NaN', () => NaN],
    ['returns less than nothing', () => -0.1],
    ['returns one', () => 1],
    ['returns more than one', () => 1.5],
    ['returns one', () => 1],
    ['returns infinity', () => Infinity],
    ['returns no number', () => '0.25'],
    ['returns nothing', () => undefined],
    ['returns what is no ordinary number', () => 1n],
  ])('since it %s counts as 0.5', async (_, random) => {
    heardWarnings();
    const { clock, guard } = retrying(random);
    const { attempt, errors } = flaky(Infinity);
    expect(await rejectionOf(guard(attempt)())).toBe(errors[3]);
    expect(clock.sleeps).toEqual([50, 100, 200]);
  });

  it.each<[string, () => unknown, string]>([
    ['what it threw', broken, 'random of a retry threw: no entropy'],
    ['what it returned', () => NaN, 'random of a retry returned no number of at least 0 and below 1: NaN'],
  ])('is a warning of the process, with %s', async (_, random, message) => {
    const warnings = heardWarnings();
    await retrying(random).guard(flaky(1).attempt)();
    expect(warnings).toEqual([message]);
  });

  it.each([
    [0, 50],
    [0.999, 100],
  ])('is none that returns %d', async (number, delay) => {
    const warnings = heardWarnings();
    const { clock, guard } = retrying(() => number, { jitter: 'equal' });
    await guard(flaky(1).attempt)();
    expect([warnings, clock.sleeps]).toEqual([[], [delay]]);
  });
});
