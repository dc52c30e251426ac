import { describe, expect, it } from '@jest/globals';
import { broken, ok } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { BRITTLE, openCircuit, probingCircuit } from '../../support/openings.js';

const error = new Error('down');
const refused = expect.objectContaining({ status: 'refused' });

describe('tryCall', () => {
  it('returns the value of a success', () => {
    expect(circuit().breaker.tryCall(ok)).toEqual({ status: 'succeeded', value: 'ok' });
  });

  it('returns the error of a failure', () => {
    const outcome = circuit().breaker.tryCall(() => {
      throw error;
    });
    expect(outcome).toEqual({ status: 'failed', error });
  });

  it('returns the error of a refusal', () => {
    expect(openCircuit({ key: 'geo' }).breaker.tryCall(ok)).toMatchObject({
      status: 'refused',
      error: { code: 'ERR_CIRCUIT_OPEN', circuit: 'geo', state: 'open' },
    });
  });

  it('returns a promise of the value of an async function', async () => {
    await expect(circuit().breaker.tryCall(async () => 1)).resolves.toEqual({
      status: 'succeeded',
      value: 1,
    });
  });

  it('returns a promise of the error of an async function', async () => {
    const outcome = circuit().breaker.tryCall(() => Promise.reject(error));
    await expect(outcome).resolves.toEqual({ status: 'failed', error });
  });

  it('returns a promise of the refusal of an async function', async () => {
    const outcome = openCircuit().breaker.tryCall(async () => 1);
    expect(outcome).toBeInstanceOf(Promise);
    await expect(outcome).resolves.toEqual(refused);
  });

  it('returns a promise of a refusal where the policy says async', async () => {
    const outcome: unknown = openCircuit({ async: true }).breaker.tryCall(ok);
    await expect(outcome as Promise<unknown>).resolves.toEqual(refused);
  });

  it('returns a promise of the value of a thenable', async () => {
    const thenable: PromiseLike<number> = { then: (...args) => Promise.resolve(1).then(...args) };
    await expect(circuit().breaker.tryCall(() => thenable)).resolves.toEqual({
      status: 'succeeded',
      value: 1,
    });
  });

  it('calls a failure of the policy a success: it returned', () => {
    const { breaker } = circuit({ isFailure: () => true });
    expect(breaker.tryCall(ok)).toEqual({ status: 'succeeded', value: 'ok' });
  });

  it('counts failures', () => {
    const { breaker } = circuit(BRITTLE);
    breaker.tryCall(broken);
    expect(breaker.state).toBe('open');
  });

  it('counts successes', () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    breaker.tryCall(ok);
    expect(breaker.state).toBe('closed');
  });

  it('gives the function its arguments', () => {
    expect(circuit().breaker.tryCall((a: number, b: number) => a + b, 2, 3)).toMatchObject({ value: 5 });
  });

  it('says that a refusal of another circuit is a failure of the function, which ran', () => {
    const inner = openCircuit().breaker;
    expect(circuit().breaker.tryCall(() => inner.call(ok))).toMatchObject({
      status: 'failed',
      error: { code: 'ERR_CIRCUIT_OPEN' },
    });
  });

  it('returns the same error each time that a refusal is asked for it', () => {
    const outcome = openCircuit().breaker.tryCall(ok);
    const read = () => (outcome.status === 'refused' ? outcome.error : undefined);
    expect(read()).toBe(read());
  });

  it('tells of a refusal what was so when it was refused, however late it is asked', () => {
    const { breaker, clock } = openCircuit();
    const { openedAt } = breaker.snapshot();
    const outcome = breaker.tryCall(ok);
    clock.advance(60);
    breaker.reset();
    breaker.tryCall(broken);
    expect(outcome).toMatchObject({ error: { state: 'open', retryAfter: 100, openedAt } });
  });

  it('tells of a refusal what caused it, however late it is asked', () => {
    const { breaker } = openCircuit();
    const outcome = breaker.tryCall(ok);
    breaker.reset();
    breaker.tryCall(() => {
      throw new Error('another');
    });
    expect(outcome).toMatchObject({ error: { cause: { message: 'down' } } });
  });
});
