import { describe, expect, it } from '@jest/globals';
import { type Fault, isPolicyError, type RetryPolicy, withRetry } from '@switchgear/core';

/** What is wrong with a policy, from the one error that says it. */
function faultsOf(policy: unknown): readonly Fault[] {
  try {
    withRetry(policy as RetryPolicy);
  } catch (error) {
    if (isPolicyError(error)) return error.faults;
    throw error;
  }
  return [];
}

const durations = [NaN, -1, '30', '30 s', '-5s', '', null, true, [], '400d'];

describe('a fault in a retry policy', () => {
  it.each<[string, readonly unknown[]]>([
    ['maxRetries', [NaN, -Infinity, -1, 1.5, '5', null, 2 ** 53, {}]],
    ['initialDelay', [...durations, Infinity]],
    ['maxDelay', [...durations, Infinity]],
    ['maxElapsed', [...durations, 0]],
    ['factor', [NaN, Infinity, 0, 0.9, -2, 1_001, '2', null]],
    ['jitter', ['half', 'FULL', '', true, null, 1, () => 'full']],
    ['retryOn', [null, 'Error', /down/, [], {}, async () => true]],
    ['retryIf', [null, true, 503, async () => true]],
    ['growth', ['quadratic', 'LINEAR', '', true, null]],
    ['delays', [null, 5, '5s', {}, [], async () => 5]],
    ['onRetry', [null, 'log', {}]],
    ['onGiveUp', [null, 'log', {}]],
    ['maxRetryAfter', durations],
    ['respectRetryAfter', [null, 1, 'yes']],
    ['waitForCircuit', [null, 0, 'no']],
    ['signal', [null, {}, new AbortController(), 'abort', { aborted: false }]],
  ])('is told of %s, for every value that makes no sense', (path, values) => {
    const unheard = values.filter((value) =>
      faultsOf({ [path]: value }).every((fault) => fault.path !== path),
    );
    expect(unheard).toEqual([]);
  });

  it.each([[null], [5], ['geo'], [[]], [() => {}]])('is told of a policy that is none: %p', (policy) => {
    expect(faultsOf(policy).map(({ path }) => path)).toEqual(['']);
  });

  it('does not come alone: all are told at once', () => {
    const policy = { maxRetries: -1, factor: 0, jitter: 'ful', retries: 3, signal: 1 };
    expect(
      faultsOf(policy)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['factor', 'jitter', 'maxRetries', 'retries', 'signal']);
  });

  it('says what was meant', () => {
    expect(faultsOf({ initalDelay: 3, jitter: 'ful' })).toEqual([
      expect.objectContaining({ path: 'jitter', suggestion: 'full' }),
      expect.objectContaining({ path: 'initalDelay', suggestion: 'initialDelay' }),
    ]);
  });
});

describe('delays that make no sense together', () => {
  it.each<[string, RetryPolicy]>([
    ['a first delay longer than the longest', { initialDelay: '2s', maxDelay: '1s' }],
    ['a first delay longer than the longest by default', { initialDelay: '2m', maxElapsed: '1h' }],
    ['a first delay that maxElapsed never leaves time for, by default', { initialDelay: '31s' }],
  ])('are a fault: %s', (_, policy) => {
    expect(faultsOf(policy).map(({ path }) => path)).toEqual(['initialDelay']);
  });

  it.each<[string, RetryPolicy]>([
    ['a longest delay below the default first one', { maxDelay: 50 }],
    ['no delays at all', { initialDelay: 0, maxDelay: 0 }],
    ['a first delay above 30 seconds, with time for it', { initialDelay: '31s', maxElapsed: '5m' }],
    ['a first delay above 30 seconds, without end', { initialDelay: '31s', maxRetries: Infinity }],
    ['retries and time without end', { maxRetries: Infinity, maxElapsed: Infinity }],
    ['no retries', { maxRetries: 0 }],
    ['undefined for absent', { maxRetries: undefined, retryOn: undefined } as never],
  ])('are none: %s', (_, policy) => {
    expect(faultsOf(policy)).toEqual([]);
  });
});

describe("the caller's policy", () => {
  it('is not changed, and may be frozen', () => {
    const given = { maxRetries: 2, retryOn: [TypeError] };
    withRetry(given);
    expect(given).toEqual({ maxRetries: 2, retryOn: [TypeError] });
    expect([given, given.retryOn].some(Object.isFrozen)).toBe(false);
    expect(() => withRetry(Object.freeze(given))).not.toThrow();
  });

  it('may be absent', () => {
    expect(() => withRetry()).not.toThrow();
  });
});
