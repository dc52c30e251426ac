import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy, CircuitRegistry, Panel } from '@switchgear/core';
import { ManualClock } from '@switchgear/core/testing';
import { broken, ok } from '../../support/calls.js';

// A reading of the clock costs more than all the rest of a call, so nobody reads it whom the policy does not ask to.

class CountedClock extends ManualClock {
  readings = 0;

  override now(): number {
    this.readings++;
    return super.now();
  }
}

/** How often the clock is read in the second call of a circuit, and in each later one. */
function readingsOf(policy: CircuitBreakerPolicy, callOnce: (breaker: CircuitBreaker) => unknown): number {
  const clock = new CountedClock(1_000);
  const breaker = new CircuitBreaker(policy, { panel: new Panel({ circuits: 8, memory: 2 ** 18, clock }) });
  callOnce(breaker);
  clock.readings = 0;
  callOnce(breaker);
  const { readings } = clock;
  callOnce(breaker);
  expect(clock.readings).toBe(2 * readings);
  return readings;
}

const wrapped = new WeakMap<CircuitBreaker, () => unknown>();

const ways: Record<string, (breaker: CircuitBreaker) => unknown> = {
  call: (breaker) => breaker.call(ok),
  'call with a signal': (breaker) => breaker.call<unknown[], unknown>(ok, new AbortController().signal),
  tryCall: (breaker) => breaker.tryCall(ok),
  wrap: (breaker) => {
    if (!wrapped.has(breaker)) wrapped.set(breaker, breaker.wrap(ok));
    return wrapped.get(breaker)?.();
  },
};

describe.each(Object.entries(ways))('a call that succeeds, by %s,', (_, callOnce) => {
  it.each<[string, CircuitBreakerPolicy, number]>([
    ['does not read the clock', {}, 0],
    ['does not read it for a window of calls', { window: { calls: 10 } }, 0],
    ['reads it once for a window of time', { window: { duration: 1_000 } }, 1],
    [
      'reads it at the beginning and the end where it is timed',
      { slowCallDuration: 5, window: { calls: 10 } },
      2,
    ],
  ])('%s: %j', (_name, policy, expected) => {
    expect(readingsOf(policy, callOnce)).toBe(expected);
  });
});

it('a call that fails reads the clock once, for the time of the failure', () => {
  expect(readingsOf({ failureThreshold: 100 }, (breaker) => breaker.tryCall(broken))).toBe(1);
});

it('a call of a circuit that an operator holds closed does not read the clock', () => {
  const readings = readingsOf({}, (breaker) => {
    if (breaker.state !== 'forced-closed') breaker.force('closed');
    breaker.call(ok);
  });
  expect(readings).toBe(0);
});

describe('a circuit that was removed, and made anew when it is called', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('goes without the clock again, after %d others were made', (others) => {
    const clock = new CountedClock(1_000);
    const registry = new CircuitRegistry(new Panel({ circuits: 8, memory: 2 ** 18, clock }));
    const breaker = registry.get('geo', {});
    breaker.call(ok);
    registry.remove('geo');
    for (let i = 0; i < others; i++) registry.get(`other ${i}`, {});
    breaker.call(ok);
    clock.readings = 0;
    breaker.call(ok);
    breaker.tryCall(ok);
    expect(clock.readings).toBe(0);
  });
});
