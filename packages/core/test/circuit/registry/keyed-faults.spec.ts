import { describe, expect, it, jest } from '@jest/globals';
import { type CircuitBreakerPolicy, withCircuitBreaker } from '@switchgear/core';
import { broken, ok } from '../../support/calls.js';

const fault = expect.objectContaining({ code: 'ERR_POLICY' });

describe.each<[string, unknown]>([
  ['no text', undefined],
  ['a number', 7],
  ['an empty text', ''],
  ['a text of more than 500 bytes', 'é'.repeat(251)],
  ['half a character', '\ud800'],
  ['a promise', Promise.resolve('a')],
])('a key function that returns %s', (_, key) => {
  const guard = withCircuitBreaker({ key: () => key as string });

  it('makes the call throw', () => {
    expect(guard(ok)).toThrow(fault);
  });

  it('makes the call of an async function reject', async () => {
    await expect(guard(async () => 'ok')()).rejects.toEqual(fault);
  });

  it('makes the first item of an async generator reject', async () => {
    const stream = guard(async function* () {
      yield 1;
    })();
    await expect(stream.next()).rejects.toEqual(fault);
  });

  it('lets nothing be called', () => {
    const fn = jest.fn();
    expect(guard(fn)).toThrow();
    expect(fn).not.toHaveBeenCalled();
  });
});

describe('a key function', () => {
  it('that throws makes the call throw the same', () => {
    expect(withCircuitBreaker({ key: broken })(ok)).toThrow('down');
  });

  it('that throws makes the call of an async function reject', async () => {
    await expect(withCircuitBreaker({ key: broken })(async () => 1)()).rejects.toThrow('down');
  });

  it('that throws makes the first item of an async generator reject', async () => {
    const stream = withCircuitBreaker({ key: broken })(async function* () {
      yield 1;
    })();
    await expect(stream.next()).rejects.toThrow('down');
  });

  it('of 500 bytes is none too many', () => {
    expect(withCircuitBreaker({ key: () => 'é'.repeat(250) })(ok)()).toBe('ok');
  });

  it('says what is wrong with what it returned', () => {
    const fn = withCircuitBreaker({ key: () => 7 as unknown as string })(ok);
    expect(fn).toThrow('key(): received 7; allowed: a text');
  });
});

describe.each<[string, object]>([
  ['an async key function', { key: async () => 'a' }],
  ['no circuit at all', { key: ok, maxCircuits: 0 }],
  ['half a circuit', { key: ok, maxCircuits: 1.5 }],
  ['a number of circuits as a text', { key: ok, maxCircuits: '10' }],
  ['more circuits than a panel can hold', { key: ok, maxCircuits: 2 ** 30 }],
  ['a misspelt field', { key: ok, maxCircuit: 10 }],
  ['a field of a policy that makes no sense', { key: ok, failureThreshold: 0 }],
  ['maxCircuits beside a key that is a text', { key: 'keyed-circuits.spec', maxCircuits: 10 }],
])('a policy with %s', (_, policy) => {
  it('is told so at once', () => {
    expect(() => withCircuitBreaker(policy as CircuitBreakerPolicy)).toThrow(fault);
  });
});
