import { describe, expect, it } from '@jest/globals';
import { circuits, withCircuitBreaker } from '@switchgear/core';
import { broken } from './calls.js';
import { circuit } from './circuit-on-a-manual-clock.js';
import { BRITTLE, openCircuit } from './openings.js';

const refusal = expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' });

/** A key of the default panel that no other spec uses. */
let keys = 0;
const freshKey = () => `with-circuit-breaker.spec ${++keys}`;

describe('withCircuitBreaker of a policy', () => {
  it('guards a function', () => {
    const guarded = withCircuitBreaker(BRITTLE)(broken);
    expect(guarded).toThrow('down');
    expect(guarded).toThrow(refusal);
  });

  it('gives each function a circuit of its own, without a key', () => {
    const guard = withCircuitBreaker(BRITTLE);
    const [one, other] = [guard(broken), guard(() => 'fine')];
    expect(one).toThrow('down');
    expect(other()).toBe('fine');
  });

  it('gives all functions one circuit, with a key', () => {
    const guard = withCircuitBreaker({ ...BRITTLE, key: freshKey() });
    const [one, other] = [guard(broken), guard(() => 'fine')];
    expect(one).toThrow('down');
    expect(other).toThrow(refusal);
  });

  it('declares its key', () => {
    const key = freshKey();
    withCircuitBreaker({ ...BRITTLE, key });
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
    withCircuitBreaker({ ...BRITTLE, key });
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

describe.each([
  ['a key', (key: string) => key],
  ['a policy of nothing but a key', (key: string) => ({ key })],
])('withCircuitBreaker of %s', (_, reference) => {
  it('guards by the circuit declared under it', () => {
    const key = freshKey();
    circuits.get(key, BRITTLE).force('open');
    expect(withCircuitBreaker(reference(key))(() => 1)).toThrow(refusal);
  });

  it('may come before the declaration', () => {
    const key = freshKey();
    const guarded = withCircuitBreaker(reference(key))(() => 1);
    circuits.get(key, BRITTLE).force('open');
    expect(guarded).toThrow(refusal);
  });

  it('throws at the first call where nobody has declared it', () => {
    const guarded = withCircuitBreaker(reference(freshKey()))(() => 1);
    expect(guarded).toThrow(expect.objectContaining({ code: 'ERR_POLICY' }));
  });

  it('rejects at the first call of an async function where nobody has declared it', async () => {
    const guarded = withCircuitBreaker(reference(freshKey()))(async () => 1);
    await expect(guarded()).rejects.toEqual(expect.objectContaining({ code: 'ERR_POLICY' }));
  });

  it('finds a declaration that came after a call that failed for want of it', () => {
    const key = freshKey();
    const guarded = withCircuitBreaker(reference(key))(() => 1);
    expect(guarded).toThrow();
    circuits.get(key, BRITTLE);
    expect(guarded()).toBe(1);
  });

  it('keeps name, length and this', () => {
    const key = freshKey();
    circuits.get(key, BRITTLE);
    const account = {
      balance: 7,
      plus: withCircuitBreaker(reference(key))(function plus(this: { balance: number }, n: number) {
        return this.balance + n;
      }),
    };
    expect([account.plus(1), account.plus.name, account.plus.length]).toEqual([8, 'plus', 1]);
  });
});
