import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  CircuitBreakerError,
  circuits,
  type ErrorRecord,
  fromErrorRecord,
  isCircuitBreakerError,
  isRefusal,
} from '@switchgear/core';
import { Hand } from '../support/hand.js';

let worker: Hand;

beforeAll(() => {
  worker = new Hand('errors-worker.mjs');
});

describe('the refusal of a circuit that a worker opened', () => {
  const policy = { failureThreshold: 1, resetTimeout: '1h' } as const;

  async function refusalAfter(key: string, message: string, code?: string | number): Promise<unknown> {
    const breaker = circuits.get(key, policy);
    await worker.ask('open', key, message, code);
    return thrownBy(() => breaker.acquire());
  }

  it('says what happened in the worker', async () => {
    const before = Date.now();
    const refusal = await refusalAfter('refused', 'none left');
    expect(isCircuitBreakerError(refusal)).toBe(true);
    expect(refusal).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', circuit: 'refused', state: 'open' });
    const { cause, openedAt } = refusal as CircuitBreakerError & { cause: Error };
    expect(cause).toBeInstanceOf(Error);
    expect(cause).toMatchObject({ name: 'QuotaError', code: 'EQUOTA', message: 'none left' });
    expect(cause.stack).toBe('QuotaError: none left');
    expect(openedAt).toBeGreaterThanOrEqual(before - 2);
    expect(openedAt).toBeLessThanOrEqual(Date.now() + 2);
  });

  it('cuts what is too long to copy, and splits no character', async () => {
    const refusal = await refusalAfter('cut', '🛑'.repeat(100));
    const { message } = (refusal as { cause: Error }).cause;
    expect(message).toMatch(/^🛑+$/u);
    expect([...message].length).toBeLessThan(100);
    expect([...message].length).toBeGreaterThan(10);
  });

  it('has the error itself as its cause in the thread where it happened', async () => {
    const record = await worker.ask<ErrorRecord>('record', 'refusal');
    const refusal = fromErrorRecord(record) as CircuitBreakerError & { cause: Error };
    expect(refusal.cause).toMatchObject({ name: 'QuotaError', limit: 7 });
    expect(refusal.cause.stack).toContain('errors-worker.mjs');
  });
});

describe('the record of an error that a worker posts', () => {
  async function received<T = Error>(kind: string): Promise<T> {
    return fromErrorRecord(await worker.ask<ErrorRecord>('record', kind)) as T;
  }

  it('becomes a refusal of this thread’s class again, with all that it says', async () => {
    const refusal = await received<CircuitBreakerError>('refusal');
    expect(refusal).toBeInstanceOf(CircuitBreakerError);
    expect(isCircuitBreakerError(refusal)).toBe(true);
    expect(isRefusal(refusal)).toBe(true);
    expect(refusal).toMatchObject({
      name: 'CircuitBreakerError',
      code: 'ERR_CIRCUIT_OPEN',
      circuit: 'guarded',
      state: 'open',
      openedAt: expect.any(Number),
      retryAfter: expect.any(Number),
    });
    expect(refusal.message).toContain('Circuit "guarded" is open');
  });

  it('keeps the chain of causes, with class, name, code, own fields and stack of each', async () => {
    const error = await received<Error & { cause: Error & { cause: Error } }>('chain');
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('lookup failed');
    expect(error.stack).toContain('errors-worker.mjs');
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.cause).toMatchObject({ name: 'QuotaError', code: 'EQUOTA', message: 'none left', limit: 7 });
    expect(error.cause).toHaveProperty('seen', new Map([['a', 1n]]));
    expect(error.cause.cause).toBeInstanceOf(TypeError);
    expect(error.cause.cause.message).toBe('no address');
  });

  it('keeps a refusal that another error was caused by a refusal', async () => {
    const { cause } = await received('nested');
    expect(cause).toBeInstanceOf(CircuitBreakerError);
    expect(cause).toMatchObject({ circuit: 'inner', state: 'forced-open' });
  });

  it('comes back with a cycle of causes as it was', async () => {
    const error = await received<Error & { cause: Error }>('cycle');
    expect(error.cause.message).toBe('other');
    expect(error.cause.cause).toBe(error);
  });

  it('keeps all errors of several', async () => {
    const error = await received<AggregateError>('aggregate');
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors[0]).toBeInstanceOf(RangeError);
    expect(error.errors[1]).toBe('second');
  });

  it('says in brackets what could not come along', async () => {
    expect(await received('unclonable')).toMatchObject({ socket: '[function socket]', attempts: 2 });
  });

  it('keeps an abort an abort', async () => {
    const error = await received('abort');
    expect(error.name).toBe('AbortError');
    expect(Object.prototype.toString.call(error)).toBe('[object DOMException]');
  });

  it('gives back what was thrown though it was no error', async () => {
    expect(await received('value')).toEqual({ status: 503 });
  });
});

function thrownBy(fn: () => unknown): unknown {
  try {
    return fn();
  } catch (error) {
    return error;
  }
}
