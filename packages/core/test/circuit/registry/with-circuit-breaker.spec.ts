import { describe, expect, it, jest } from '@jest/globals';
import {
  type CircuitBreaker,
  type CircuitBreakerPolicy,
  circuits,
  withCircuitBreaker,
} from '@switchgear/core';
import { callSite } from '../../../src/call/call-site.js';
import { shownName } from '../../../src/circuit/circuit-name.js';
import { broken, ok } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { BRITTLE, LASTING, openCircuit } from '../../support/openings.js';

const refusal = expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' });

/** A key of the default panel that no other spec uses. */
let keys = 0;
const freshKey = () => `with-circuit-breaker.spec ${++keys}`;

describe('withCircuitBreaker of a policy', () => {
  it('guards a function', () => {
    const guarded = withCircuitBreaker(LASTING)(broken);
    expect(guarded).toThrow('down');
    expect(guarded).toThrow(refusal);
  });

  it('gives each function a circuit of its own, without a key', () => {
    const guard = withCircuitBreaker(LASTING);
    const [one, other] = [guard(broken), guard(() => 'fine')];
    expect(one).toThrow('down');
    expect(other()).toBe('fine');
  });

  it('gives all functions one circuit, with a key', () => {
    const guard = withCircuitBreaker({ ...LASTING, key: freshKey() });
    const [one, other] = [guard(broken), guard(() => 'fine')];
    expect(one).toThrow('down');
    expect(other).toThrow(refusal);
  });

  it('declares its key', () => {
    const key = freshKey();
    withCircuitBreaker({ ...LASTING, key });
    expect(circuits.get(key).explain().threshold).toBe(1);
  });

  it('throws at once for a policy with faults', () => {
    expect(() => withCircuitBreaker({ failureThreshold: 0, key: freshKey() })).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY' }),
    );
  });

  it('throws at once for a policy with faults that has no key', () => {
    expect(() => withCircuitBreaker({ failureThreshold: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY' }),
    );
  });

  it('throws for a key that stands for another policy, with this file as the place', () => {
    const key = freshKey();
    withCircuitBreaker({ ...LASTING, key });
    expect(() => withCircuitBreaker({ failureThreshold: 9, key })).toThrow(
      expect.objectContaining({
        code: 'ERR_KEY_CONFLICT',
        here: expect.stringContaining('with-circuit-breaker.spec.ts'),
        there: expect.stringContaining('with-circuit-breaker.spec.ts'),
      }),
    );
  });

  it('takes none at all for the defaults', () => {
    expect(withCircuitBreaker()(() => 1)()).toBe(1);
  });
});

describe('withCircuitBreaker of a breaker', () => {
  it('guards by that circuit', () => {
    expect(withCircuitBreaker(openCircuit().breaker)(() => 1)).toThrow(refusal);
  });

  it('counts for that circuit', () => {
    const { breaker } = circuit(BRITTLE);
    expect(withCircuitBreaker(breaker)(broken)).toThrow('down');
    expect(breaker.state).toBe('open');
  });
});

describe('withCircuitBreaker of a key that no place declares', () => {
  it('throws at the first call where nobody has declared it', () => {
    const guarded = withCircuitBreaker(freshKey())(() => 1);
    expect(guarded).toThrow(expect.objectContaining({ code: 'ERR_POLICY' }));
  });

  it('rejects at the first call of an async function where nobody has declared it', async () => {
    const guarded = withCircuitBreaker(freshKey())(async () => 1);
    await expect(guarded()).rejects.toEqual(expect.objectContaining({ code: 'ERR_POLICY' }));
  });

  it('finds a declaration that came after a call that failed for want of it', () => {
    const key = freshKey();
    const guarded = withCircuitBreaker(key)(() => 1);
    expect(guarded).toThrow();
    circuits.get(key, LASTING);
    expect(guarded()).toBe(1);
  });
});

describe.each([
  ['a key', (key: string) => key],
  ['a policy of nothing but a key', (key: string) => ({ key })],
])('withCircuitBreaker of %s', (_, reference) => {
  it('guards by the circuit declared under it', () => {
    const key = freshKey();
    circuits.get(key, LASTING).force('open');
    expect(withCircuitBreaker(reference(key))(() => 1)).toThrow(refusal);
  });

  it('may come before the declaration', () => {
    const key = freshKey();
    const guarded = withCircuitBreaker(reference(key))(() => 1);
    circuits.get(key, LASTING).force('open');
    expect(guarded).toThrow(refusal);
  });

  it('keeps name, length and this', () => {
    const key = freshKey();
    circuits.get(key, LASTING);
    const account = {
      balance: 7,
      plus: withCircuitBreaker(reference(key))(function plus(this: { balance: number }, n: number) {
        return this.balance + n;
      }),
    };
    expect([account.plus(1), account.plus.name, account.plus.length]).toEqual([8, 'plus', 1]);
  });
});

describe('withCircuitBreaker of a function that finds the breaker', () => {
  it('guards by the circuit that it finds', () => {
    const { breaker } = openCircuit();
    expect(withCircuitBreaker(() => breaker)(ok)).toThrow(refusal);
  });

  it('counts for the circuit that it finds', () => {
    const { breaker } = circuit(BRITTLE);
    expect(withCircuitBreaker(() => breaker)(broken)).toThrow('down');
    expect(breaker.state).toBe('open');
  });

  it('is not asked before the first call', () => {
    const find = jest.fn(() => circuit().breaker);
    withCircuitBreaker(find)(ok);
    expect(find).not.toHaveBeenCalled();
  });

  it('is asked once, however many calls there are', () => {
    const { breaker } = circuit();
    const find = jest.fn(() => breaker);
    const fn = withCircuitBreaker(find)(ok);
    for (let i = 0; i < 3; i++) fn();
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('is asked once, however the first calls end', () => {
    const { breaker } = openCircuit();
    const find = jest.fn(() => breaker);
    const fn = withCircuitBreaker(find)(ok);
    for (let i = 0; i < 3; i++) expect(fn).toThrow(refusal);
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('is given the this of the first call', () => {
    const { breaker } = circuit();
    const owners: unknown[] = [];
    const owner = { call: withCircuitBreaker((self) => (owners.push(self), breaker))(ok) };
    owner.call();
    expect(owners).toEqual([owner]);
  });

  it('makes the call throw what it throws', () => {
    expect(withCircuitBreaker(broken)(ok)).toThrow('down');
  });

  it('makes the call of an async function reject with what it throws', async () => {
    await expect(withCircuitBreaker(broken)(async () => 1)()).rejects.toThrow('down');
  });

  it('is asked again where it has thrown', () => {
    const { breaker } = circuit();
    const find = jest.fn(() => breaker).mockImplementationOnce(broken);
    const fn = withCircuitBreaker(find)(ok);
    expect(fn).toThrow('down');
    expect(fn()).toBe('ok');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a key', 'geo-api'],
    ['a policy', BRITTLE],
    ['a promise of a breaker', Promise.resolve(circuit().breaker)],
  ])('makes the call throw where it finds %s', (_, found) => {
    const fn = withCircuitBreaker(() => found as CircuitBreaker)(ok);
    expect(fn).toThrow(/withCircuitBreaker: expected a function that returns a breaker/);
  });
});

describe.each<[string, unknown]>([
  ['null', null],
  ['a number', 7],
  ['true', true],
])('withCircuitBreaker of %s', (_, policy) => {
  it('throws at once', () => {
    expect(() => withCircuitBreaker(policy as CircuitBreakerPolicy)).toThrow(
      expect.objectContaining({ code: 'ERR_POLICY' }),
    );
  });
});

describe('the circuit of a method, whose key says where the method stands', () => {
  const key = 'Geocoder.lookup (/app/geocoder.js:12:3)';
  const named = () => circuit({ ...BRITTLE, key }).breaker;

  it('is called by the name of the method in a refusal', () => {
    const breaker = named();
    breaker.force('open');
    expect(breaker.wrap(ok)).toThrow(/^Circuit "Geocoder.lookup" is /);
  });

  it('is called by the name of the method in an explanation', () => {
    expect(named().explain().text).toMatch(/^Circuit "Geocoder.lookup" is closed /);
  });

  it('has its whole key everywhere else', () => {
    const breaker = named();
    breaker.force('open');
    const { error } = breaker.tryCall(ok) as { error: { circuit: string } };
    expect([breaker.key, breaker.snapshot().key, error.circuit]).toEqual([key, key, key]);
  });
});

describe('the name of a circuit for people', () => {
  it.each([
    ['Geocoder.lookup (/app/geocoder.js:12:3)', 'Geocoder.lookup'],
    ['Geocoder.#lookup (C:\\app\\geocoder.js:1:2)', 'Geocoder.#lookup'],
    ['get Geocoder.host (/app/a b.js:1:2)', 'get Geocoder.host'],
  ])('is %s without where the method stands', (key, shown) => {
    expect(shownName(key)).toBe(shown);
  });

  it.each([
    'geo-api',
    'geo-api (eu)',
    'geo (1:2)',
    '(/app/x.js:1:2)',
    'geo(/app/x.js:1:2)',
    'a (/x.js:1:2) b',
    '',
  ])('is %p as it is', (key) => {
    expect(shownName(key)).toBe(key);
  });
});

describe('the line of code that called', () => {
  const here = (isPassed?: (line: string) => boolean) => callSite(here, isPassed);
  const inBetween = (isPassed?: (line: string) => boolean) => here(isPassed);

  it('is the line above the callee', () => {
    expect(here()).toMatch(/with-circuit-breaker\.spec\.ts:\d+:\d+$/);
  });

  it('is not a line that is passed over', () => {
    const [near, far] = [inBetween(), inBetween((line) => line.includes('inBetween'))];
    expect([far === near, far.includes('with-circuit-breaker.spec.ts')]).toEqual([false, true]);
  });

  it('is the first where all are passed over', () => {
    expect(inBetween(() => true)).toBe(inBetween());
  });

  it('leaves the limit of stacks as it was', () => {
    const { stackTraceLimit } = Error;
    here(() => false);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  it('leaves the limit of stacks as it was where the question throws', () => {
    const { stackTraceLimit } = Error;
    expect(() => here(broken)).toThrow('down');
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });
});
