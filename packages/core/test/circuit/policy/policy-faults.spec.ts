import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy } from '@switchgear/core';
import { fail } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';

// Rule 7: policies are validated where they are written.

interface Fault {
  readonly path: string;
  readonly received: unknown;
  readonly allowed: string;
  readonly suggestion?: string;
}

/** What is wrong with a policy, from the one error that says it. */
function faultsOf(policy: unknown): readonly Fault[] {
  try {
    new CircuitBreaker(policy as CircuitBreakerPolicy, { panel });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_POLICY') return (error as { faults: Fault[] }).faults;
    throw error;
  }
  return [];
}

const { panel } = circuit();
const counts = [NaN, Infinity, -Infinity, -1, 0, 1.5, '5', null, 2 ** 53, {}];
const durations = [NaN, Infinity, -1, 0, '30', '30 s', '-5s', '', null, true, [], '400d'];
const rates = [NaN, Infinity, 0, -0.1, 1.1, 50, '0.5', null];

describe('a fault in a policy', () => {
  it.each<[string, (value: unknown) => unknown, readonly unknown[]]>([
    ['failureThreshold', (failureThreshold) => ({ failureThreshold }), counts],
    ['successThreshold', (successThreshold) => ({ successThreshold }), counts],
    ['resetTimeout', (resetTimeout) => ({ resetTimeout }), durations.filter((d) => !Array.isArray(d))],
    [
      'resetTimeout.initialDelay',
      (initialDelay) => ({ resetTimeout: { initialDelay } }),
      [...durations, undefined],
    ],
    [
      'resetTimeout.factor',
      (factor) => ({ resetTimeout: { initialDelay: 1, factor } }),
      [NaN, Infinity, 0.9, -2, '2'],
    ],
    [
      'resetTimeout.maxDelay',
      (maxDelay) => ({ resetTimeout: { initialDelay: 5, maxDelay } }),
      [...durations, 4],
    ],
    ['slowCallDuration', (slowCallDuration) => ({ slowCallDuration, window: { calls: 1 } }), durations],
    ['window', (window) => ({ window }), [null, 10, '10s', true, [], () => {}]],
    ['window.calls', (calls) => ({ window: { calls } }), [...counts, undefined]],
    ['window.duration', (duration) => ({ window: { duration } }), [...durations, 9]],
    ['window.minimumCalls', (minimumCalls) => ({ window: { calls: 10, minimumCalls } }), [...counts, 11]],
    ['window.failureRate', (failureRate) => ({ window: { calls: 10, failureRate } }), rates],
    ['window.slowRate', (slowRate) => ({ slowCallDuration: 5, window: { calls: 10, slowRate } }), rates],
    ['halfOpen', (halfOpen) => ({ halfOpen }), [null, 3, '3', []]],
    ['halfOpen.permits', (permits) => ({ halfOpen: { permits } }), counts],
    ['halfOpen.permitTimeout', (permitTimeout) => ({ halfOpen: { permitTimeout } }), durations],
    [
      'expectedErrors',
      (expectedErrors) => ({ expectedErrors }),
      [null, 'Error', /down/, [], async () => true],
    ],
    ['excludedErrors', (excludedErrors) => ({ excludedErrors }), [null, 'Error', {}, []]],
    ['isFailure', (isFailure) => ({ isFailure }), [null, true, 503, /x/]],
    ['isFailure', (isFailure) => ({ isFailure }), [async () => true]],
    ['async', (async) => ({ async }), [null, 1, 'yes']],
    ['onOpen', (onOpen) => ({ onOpen }), [null, 'log']],
    ['onHalfOpen', (onHalfOpen) => ({ onHalfOpen }), [null, 1]],
    ['onClose', (onClose) => ({ onClose }), [null, {}]],
    ['key', (key) => ({ key }), [null, '', 5, Symbol('x'), 'x'.repeat(501), '€'.repeat(167)]],
    ['', (policy) => policy, [null, 5, 'geo', [], () => {}]],
  ])('is told of %s, for every value that makes no sense', (path, policy, values) => {
    const unheard = values.filter((value) => faultsOf(policy(value)).every((fault) => fault.path !== path));
    expect(unheard).toEqual([]);
  });

  it('says what was received', () => {
    expect(faultsOf({ failureThreshold: -3 })).toEqual([expect.objectContaining({ received: -3 })]);
  });

  it('says what is allowed', () => {
    expect(faultsOf({ failureThreshold: -3 })[0]?.allowed).toMatch(/whole number from 1/);
  });

  it('says both in the message', () => {
    expect(() => circuit({ failureThreshold: -3 })).toThrow(
      /failureThreshold: received -3; allowed: a whole number/,
    );
  });

  it('names the entry of a list', () => {
    expect(faultsOf({ expectedErrors: [Error, 'Error'] })[0]?.path).toBe('expectedErrors[1]');
  });

  it('does not come alone: all are told at once', () => {
    const policy = {
      failureThreshold: 0,
      resetTimeout: 'soon',
      window: { calls: -1, failureRate: 7 },
      halfOpen: { permits: 1.5 },
      treshold: 1,
    };
    expect(
      faultsOf(policy)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      'failureThreshold',
      'halfOpen.permits',
      'resetTimeout',
      'treshold',
      'window.calls',
      'window.failureRate',
    ]);
  });

  it('leaves no circuit behind', () => {
    const fresh = circuit({ key: 'first', failureThreshold: 5 });
    expect(() => fresh.another({ key: 'second', failureThreshold: 0 })).toThrow();
    expect(fresh.panel.keys()).toEqual(['first']);
  });
});

describe('an unknown field', () => {
  it.each([
    [{ failureTreshold: 5 }, 'failureTreshold', 'failureThreshold'],
    [{ resetTimeOut: 5 }, 'resetTimeOut', 'resetTimeout'],
    [{ window: { call: 5 } }, 'window.call', 'calls'],
    [{ window: { calls: 5, minimunCalls: 2 } }, 'window.minimunCalls', 'minimumCalls'],
    [{ halfOpen: { permit: 5 } }, 'halfOpen.permit', 'permits'],
    [{ exceptedErrors: Error }, 'exceptedErrors', 'expectedErrors'],
  ])('is a fault that says what was meant: %p', (policy, path, suggestion) => {
    expect(faultsOf(policy)).toContainEqual(expect.objectContaining({ path, suggestion }));
  });

  it('is a fault without a guess where nothing is near', () => {
    expect(faultsOf({ colour: 'red' })).toEqual([
      expect.not.objectContaining({ suggestion: expect.anything() }),
    ]);
  });

  it('is no fault where it is undefined', () => {
    expect(faultsOf({ colour: undefined })).toEqual([]);
  });
});

describe('fields that make no sense together', () => {
  it.each<[string, CircuitBreakerPolicy, string]>([
    [
      'a window of calls and of a duration',
      { window: { calls: 5, duration: '1s' } as never },
      'window.calls',
    ],
    ['a window of neither', { window: {} as never }, 'window.calls'],
    ['a slowRate without slowCallDuration', { window: { calls: 5, slowRate: 0.5 } }, 'window.slowRate'],
    ['a slowCallDuration without a window', { slowCallDuration: 5 }, 'slowCallDuration'],
    [
      'an expected class below an excluded one',
      { expectedErrors: TypeError, excludedErrors: Error },
      'expectedErrors',
    ],
    [
      'an expected class that is excluded, in a list',
      { expectedErrors: [RangeError, TypeError], excludedErrors: [TypeError] },
      'expectedErrors[1]',
    ],
  ])('are a fault: %s', (_, policy, path) => {
    expect(faultsOf(policy).map((fault) => fault.path)).toContain(path);
  });
});

describe("the caller's policy", () => {
  const policy = () => ({
    key: 'geo',
    resetTimeout: { initialDelay: '1s' as const },
    window: { calls: 10 },
    expectedErrors: [TypeError],
    halfOpen: {},
  });

  it('is not changed', () => {
    const given = policy();
    circuit(given);
    expect(given).toEqual(policy());
  });

  it('is not frozen', () => {
    const given = policy();
    circuit(given);
    expect([given, given.window, given.expectedErrors, given.resetTimeout].some(Object.isFrozen)).toBe(false);
  });

  it('may be frozen', () => {
    expect(() => circuit(Object.freeze(policy()))).not.toThrow();
  });

  it('may be changed afterwards, to no effect', () => {
    const given = { failureThreshold: 2 };
    const { breaker } = circuit(given);
    given.failureThreshold = 1;
    fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('may have its list of errors changed afterwards, to no effect', () => {
    const excludedErrors: (typeof Error)[] = [TypeError];
    const { breaker } = circuit({ failureThreshold: 1, excludedErrors });
    excludedErrors.push(Error);
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('is read once a field', () => {
    let reads = 0;
    circuit({
      get failureThreshold() {
        reads++;
        return 5;
      },
    });
    expect(reads).toBe(1);
  });

  it('may be absent', () => {
    expect(circuit().breaker.explain().threshold).toBe(5);
  });

  it('takes undefined for absent', () => {
    expect(circuit({ failureThreshold: undefined } as never).breaker.explain().threshold).toBe(5);
  });
});

describe('options of a breaker', () => {
  it('are a panel or a clock, not both', () => {
    const { clock } = circuit();
    expect(() => new CircuitBreaker({}, { panel, clock })).toThrow(/panel or clock/);
  });
});
