import { describe, expect, it } from '@jest/globals';
import type { CircuitBreaker } from '@switchgear/core';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { transitionsOf } from '../../support/listening.js';

const unreadable = (): Error =>
  Object.defineProperty(new Error('down'), 'message', {
    get() {
      throw new Error('a getter threw');
    },
  });

describe('an error that cannot be read', () => {
  it('reaches the caller as it is', () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const error = unreadable();
    const outcome = breaker.tryCall(() => {
      throw error;
    });
    expect(outcome.status === 'failed' && outcome.error === error).toBe(true);
  });

  it('opens the circuit, and listeners hear of it', () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const transitions = transitionsOf(breaker);
    breaker.tryCall(() => {
      throw unreadable();
    });
    expect(transitions).toEqual(['closed → open']);
  });
});

const thrower = (thing: unknown) => () => {
  throw thing;
};
const rejecter = (thing: unknown) => () => Promise.reject(thing);
const ways: [string, (breaker: CircuitBreaker, fn: () => unknown) => () => unknown][] = [
  ['call', (breaker, fn) => () => breaker.call(fn)],
  ['wrap', (breaker, fn) => breaker.wrap(fn)],
];

describe.each([['down'], [undefined], [null], [0]])('%p, thrown', (thing) => {
  describe.each(ways)('through %s', (_way, guard) => {
    it.each([
      ['at once', thrower(thing)],
      ['in time', rejecter(thing)],
    ])('%s, reaches the caller as it is and counts, the first time and later', async (_when, fn) => {
      const { breaker } = circuit({ failureThreshold: 9 });
      const guarded = guard(breaker, fn);
      const came: unknown[] = [];
      for (let i = 0; i < 3; i++) {
        try {
          await guarded();
        } catch (error) {
          came.push(error);
        }
      }
      expect([came, breaker.snapshot().failures]).toEqual([[thing, thing, thing], 3]);
    });
  });

  it.each([
    ['at once', thrower(thing)],
    ['in time', rejecter(thing)],
  ])('%s, is the error of an outcome of tryCall, and counts', async (_when, fn) => {
    const { breaker } = circuit({ failureThreshold: 9 });
    const outcomes = await Promise.all([1, 2].map(() => breaker.tryCall(fn)));
    const failed = { status: 'failed', error: thing };
    expect([outcomes, breaker.snapshot().failures]).toEqual([[failed, failed], 2]);
  });

  it('opens the circuit', () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    breaker.tryCall(thrower(thing));
    expect(breaker.state).toBe('open');
  });
});

describe('the arguments of a function', () => {
  const given: unknown[][] = [[], [undefined], [1], [1, undefined], [undefined, undefined, 3]];

  it.each<[string, (breaker: CircuitBreaker, fn: (...args: unknown[]) => unknown) => typeof fn]>([
    [
      'call',
      (breaker, fn) =>
        (...args) =>
          breaker.call(fn, ...args),
    ],
    [
      'tryCall',
      (breaker, fn) =>
        (...args) =>
          breaker.tryCall(fn, ...args),
    ],
    ['wrap', (breaker, fn) => breaker.wrap(fn)],
  ])('through %s are as many as were given, the first time and later', (_, guard) => {
    const came: unknown[][] = [];
    for (const args of given) {
      const guarded = guard(circuit().breaker, (...all) => came.push(all));
      for (let i = 0; i < 2; i++) guarded(...args);
    }
    expect(came).toStrictEqual(given.flatMap((args) => [args, args]));
  });
});

describe('what is no function', () => {
  it.each(['call', 'wrap', 'tryCall'] as const)('is refused by %s, and is no failure', (method) => {
    const { breaker } = circuit({ failureThreshold: 1 });
    const misused = breaker[method].bind(breaker) as (fn: unknown) => unknown;
    expect(() => misused(undefined)).toThrow(`${method}: expected a function, received undefined`);
    expect(breaker.state).toBe('closed');
  });
});
