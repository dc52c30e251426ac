import { describe, expect, it } from '@jest/globals';
import { CircuitBreakerError, PolicyError } from '@switchgear/core';
import { markError, SwitchgearError } from '../../src/errors/switchgear-error.js';
import { failureOf } from '../../src/failure/failure-of.js';
import { retryAfterOf } from '../../src/failure/retry-after-of.js';
import { errorOfClass, errorWith } from './made-errors.js';

const refusal = new CircuitBreakerError({ circuit: 'geo', state: 'open', retryAfter: 250 });
const wrapped = (depth: number): Error =>
  depth === 0 ? refusal : new Error(`${depth}`, { cause: wrapped(depth - 1) });

describe('a refusal is found', () => {
  it.each<[string, unknown]>([
    ['as it is', refusal],
    ['as a cause', wrapped(1)],
    ['however deep', wrapped(20)],
    ['behind a status', errorWith({ status: 503, cause: refusal })],
    ['behind a fault of code', new TypeError('no', { cause: refusal })],
    ['behind an abort', errorWith({ name: 'AbortError', cause: refusal })],
    ['in an AggregateError of refusals only', new AggregateError([refusal, wrapped(2)])],
    ['in one that is a cause', new Error('', { cause: new AggregateError([refusal]) })],
    ['in lists of lists', new AggregateError([new AggregateError([refusal]), refusal])],
  ])('%s', (_, error) => {
    expect(failureOf(error)).toEqual({
      kind: 'refusal',
      family: 'switchgear',
      status: undefined,
      retryAfter: 250,
      transient: false,
      text: 'ERR_CIRCUIT_OPEN',
    });
    expect(retryAfterOf(error, 0)).toBe(250);
  });
});

it('an AggregateError of a refusal and something else is something else', () => {
  expect(failureOf(new AggregateError([refusal, errorWith({ status: 404 })]))).toMatchObject({
    kind: 'answer',
  });
  expect(failureOf(new AggregateError([refusal, errorWith({ code: 'ECONNRESET' })]))).toMatchObject({
    kind: 'outage',
    transient: true,
  });
});

it('a policy that makes no sense is a bug, though a mark says otherwise', () => {
  expect(failureOf(Object.assign(new PolicyError('RetryPolicy', []), { retryable: true }))).toMatchObject({
    kind: 'bug',
    family: 'switchgear',
    transient: false,
  });
});

describe('an error of ours that is no refusal', () => {
  class BusyError extends SwitchgearError {
    static {
      markError(this, { name: 'BusyError', code: 'ERR_BUSY' });
    }

    readonly code = 'ERR_BUSY';
    readonly retryAfter: unknown;

    constructor(retryAfter: unknown) {
      super('busy');
      this.retryAfter = retryAfter;
    }
  }

  it('counts its retryAfter in ms', () => {
    expect(failureOf(new BusyError(250))).toMatchObject({
      kind: 'overload',
      family: 'switchgear',
      retryAfter: 250,
    });
  });

  it.each([-1, '250', undefined, NaN])('says nothing by a retryAfter of %p', (retryAfter) => {
    expect(failureOf(new BusyError(retryAfter))).toMatchObject({ kind: 'unknown', retryAfter: undefined });
  });
});

describe('an AggregateError', () => {
  const errors = (...fields: readonly object[]) => new AggregateError(fields.map((one) => errorWith(one)));

  it.each([
    ['of two answers is an answer', errors({ status: 404 }, { status: 400 }), 'answer', false],
    ['with an outage is one', errors({ status: 404 }, { code: 'ECONNREFUSED' }), 'outage', true],
    ['with a denial is denied', errors({ status: 404 }, { status: 403 }), 'denied', false],
    ['of faults of code is a bug', new AggregateError([new TypeError(), new ReferenceError()]), 'bug', false],
    [
      'of one that may pass is transient',
      new AggregateError([new TypeError(), new Error()]),
      'unknown',
      true,
    ],
    ['of aborts is an abort', errors({ name: 'AbortError' }, { name: 'AbortError' }), 'abort', false],
    ['of nothing is unknown', new AggregateError([]), 'unknown', true],
    ['of what is no error is unknown', new AggregateError(['down', undefined]), 'unknown', true],
    [
      'of a connect has a code of its own',
      Object.assign(errors({}), { code: 'ECONNREFUSED' }),
      'outage',
      true,
    ],
  ])('%s', (_, error, kind, transient) => {
    expect(failureOf(error)).toMatchObject({ kind, transient });
  });

  it('asks to wait as long as the one that asks for most', () => {
    const error = errors({ status: 429, retryAfter: 2 }, { status: 503, retryAfter: 3 }, { status: 404 });
    expect(failureOf(error)).toMatchObject({ kind: 'overload', retryAfter: 3_000 });
  });

  it('that holds itself a hundred times comes to an end', () => {
    const error = new AggregateError([]);
    error.errors.push(...Array.from({ length: 100 }, () => error));
    expect(failureOf(error).kind).toBe('unknown');
  });

  it('that holds itself comes to an end', () => {
    const error = new AggregateError([]);
    error.errors.push(error, error, error);
    expect(failureOf(error).kind).toBe('unknown');
  });
});

it('a list of errors on what is no AggregateError says nothing', () => {
  expect(failureOf(errorWith({ errors: [errorWith({ status: 404 })] })).kind).toBe('unknown');
});

it('of an error that suppresses another one, the worse of the two counts', () => {
  const error = errorOfClass(['SuppressedError'], {
    error: errorWith({ status: 404 }),
    suppressed: errorWith({ code: 'ECONNRESET' }),
  });
  expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: true });
});

it('an error that is its own cause is read by itself', () => {
  const circular = errorWith({});
  circular.cause = circular;
  expect(failureOf(circular).kind).toBe('unknown');
});

it('causes without an end come to one', () => {
  const endless = (): Error => Object.defineProperty(new Error(), 'cause', { get: endless });
  expect(failureOf(endless())).toMatchObject({ kind: 'unknown', transient: true });
});
