import { describe, expect, it } from '@jest/globals';
import { CircuitBreakerError, CircuitRegistry } from '@switchgear/core';
import { circuit } from '../support/circuit-on-a-manual-clock.js';

// opossum, cockatiel, denoland/std: a refusal of a fresh arrow was thrown, out of a timer an uncaught exception.

const policy = { key: 'geo', failureThreshold: 100 };
const fetched = async (): Promise<string> => 'answer';
const named = { promising: () => Promise.resolve('answer'), plain: () => 'answer' };

/** How the circuit refuses a call: whether it throws, rejects, or gives an outcome. */
function refusalOf(call: () => unknown): string {
  try {
    const result = call();
    if (!(result instanceof Promise)) return 'an outcome';
    result.catch(() => undefined);
    return 'a promise';
  } catch (error) {
    expect(error).toBeInstanceOf(CircuitBreakerError);
    return 'a throw';
  }
}

/** One circuit by two breakers that know nothing of each other but the memory, as those of two threads. */
function circuitOfTwoThreads() {
  const { breaker, another, panel } = circuit(policy);
  return { breaker, elsewhere: another(policy), registry: new CircuitRegistry(panel) };
}

describe.each([
  ['the same thread', false],
  ['another thread', true],
])('a refusal of an arrow that was never called before, where calls were made in %s', (_, isElsewhere) => {
  const after = (...calls: (() => unknown)[]) => {
    const { breaker, elsewhere } = circuitOfTwoThreads();
    for (const call of calls) void breaker.call(call);
    breaker.force('open');
    return isElsewhere ? elsewhere : breaker;
  };

  it('rejects where calls of the circuit gave promises and nothing else', () => {
    const breaker = after(() => fetched());
    expect(refusalOf(() => breaker.call(() => fetched()))).toBe('a promise');
    expect(refusalOf(() => breaker.tryCall(() => fetched()))).toBe('a promise');
  });

  it('throws where calls of the circuit gave plain values', () => {
    const breaker = after(() => 1);
    expect(refusalOf(() => breaker.call(() => fetched()))).toBe('a throw');
    expect(refusalOf(() => breaker.tryCall(() => fetched()))).toBe('an outcome');
  });

  it('throws where calls of the circuit gave both', () => {
    const breaker = after(
      () => fetched(),
      () => 1,
    );
    expect(refusalOf(() => breaker.call(() => fetched()))).toBe('a throw');
  });

  it('throws where the circuit was never called', () => {
    expect(refusalOf(() => after().call(() => fetched()))).toBe('a throw');
  });
});

describe('a refusal', () => {
  const forced = (options: object = {}) => {
    const { breaker } = circuit({ ...policy, ...options });
    return breaker;
  };

  it('of a function that has returned a promise rejects, whatever other calls gave', () => {
    const breaker = forced();
    void breaker.call(named.promising);
    breaker.call(named.plain);
    breaker.force('open');
    expect(refusalOf(() => breaker.call(named.promising))).toBe('a promise');
  });

  it('of a function that has returned a plain value throws, whatever other calls gave', () => {
    const breaker = forced();
    breaker.call(named.plain);
    for (let i = 0; i < 3; i++) void breaker.call(named.promising);
    breaker.force('open');
    expect(refusalOf(() => breaker.call(named.plain))).toBe('a throw');
  });

  it('of an async function rejects from the start', () => {
    const breaker = forced();
    breaker.force('open');
    expect(refusalOf(() => breaker.call(fetched))).toBe('a promise');
  });

  it.each([
    [true, 'a promise'],
    [false, 'a throw'],
  ])('goes by the policy where it says async: %p', (async, expected) => {
    const breaker = forced({ async });
    void breaker.call(fetched);
    breaker.call(named.plain);
    breaker.force('open');
    expect(refusalOf(() => breaker.call(() => fetched()))).toBe(expected);
  });

  it('of an anonymous function that was wrapped goes by what it has returned', () => {
    const breaker = forced();
    const wrapped = breaker.wrap(() => Promise.resolve(1));
    void wrapped();
    void wrapped();
    breaker.call(named.plain);
    breaker.force('open');
    expect(refusalOf(wrapped)).toBe('a promise');
  });

  it('of a circuit that was made anew forgets what calls of the one before gave', () => {
    const { breaker, registry } = circuitOfTwoThreads();
    void breaker.call(() => fetched());
    registry.remove('geo');
    breaker.force('open');
    expect(refusalOf(() => breaker.call(() => fetched()))).toBe('a throw');
  });
});
