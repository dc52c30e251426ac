import { describe, expect, it } from '@jest/globals';
import {
  attemptsOf,
  CircuitBreakerError,
  KeyConflictError,
  PanelFullError,
  PolicyError,
  type RetryPolicy,
  SwitchgearError,
  withRetry,
} from '@switchgear/core';
import { rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

/** How often a call is made that always fails so, and the waits between; of the backoff, each wait would be 100 ms. */
async function waitsFor(error: unknown, policy: RetryPolicy = {}) {
  const clock = new JumpingClock();
  const attempt = async (): Promise<never> => {
    throw error;
  };
  const retry = withRetry(
    { maxRetries: 1, initialDelay: 100, jitter: 'none', ...policy },
    { clock, wallClock: () => 0 },
  );
  expect(await rejectionOf(retry(attempt)())).toBe(error);
  return clock.sleeps;
}

const errorWith = (fields: object, message = 'down') => Object.assign(new Error(message), fields);
const busy = (headers: unknown) => errorWith({ status: 503, headers });

/** An error of ours that a policy might give, and which is no refusal. */
class Crowded extends SwitchgearError {
  readonly code = 'ERR_CROWDED';
  readonly retryAfter: unknown;

  constructor(retryAfter: unknown) {
    super('too many at once');
    this.retryAfter = retryAfter;
  }

  get [Symbol.for('@switchgear/error')](): string {
    return this.code;
  }
}

describe('the retryAfter of an error of ours', () => {
  it('is waited for', async () => {
    expect(await waitsFor(new Crowded(700))).toEqual([700]);
  });

  it('is no less than the delay there would be anyway', async () => {
    expect(await waitsFor(new Crowded(30))).toEqual([100]);
  });

  it('is not minded where the policy says so', async () => {
    expect(await waitsFor(new Crowded(700), { respectRetryAfter: false })).toEqual([100]);
  });

  it.each([[-5_000], ['700'], [undefined], [null], [NaN], [{}]])('says nothing as %p', async (value) => {
    expect(await waitsFor(new Crowded(value))).toEqual([100]);
  });
});

describe('a Retry-After is found', () => {
  it.each<[string, unknown]>([
    ['after other headers', { 'content-type': 'text/plain', age: '3', 'retry-after': '7' }],
    ['before other headers', { 'retry-after': '7', age: '3' }],
    [
      'after other headers of a Map',
      new Map([
        ['age', '3'],
        ['Retry-After', '7'],
      ]),
    ],
    [
      'after other Headers',
      new Headers([
        ['age', '3'],
        ['Retry-After', '7'],
      ]),
    ],
    [
      'in a Map with keys that are no text',
      new Map<unknown, string>([
        [Symbol('age'), '3'],
        [7, '4'],
        [null, '5'],
        ['Retry-After', '7'],
      ]),
    ],
    [
      'in headers that have nothing but get',
      { get: (name: string) => (name === 'retry-after' ? '7' : null) },
    ],
  ])('%s', async (_, headers) => {
    expect(await waitsFor(busy(headers))).toEqual([7_000]);
  });
});

describe('a Retry-After is not found', () => {
  it.each<[string, unknown]>([
    ['in another header', { age: '7' }],
    ['in another header of a Map', new Map([['age', '7']])],
    ['in another header that is named much like it', { 'x-retry-after': '7', 'retry-after-ms': '7' }],
    ['in no headers', {}],
    ['in headers that have nothing but a get that finds nothing', { get: () => null }],
  ])('%s', async (_, headers) => {
    expect(await waitsFor(busy(headers))).toEqual([100]);
  });
});

/** A fault of code is not tried again; an HTTP status decides before that, whatever caused it. */
const causedByCode = (fields: object) =>
  errorWith({ ...fields, cause: new TypeError('x is not a function') });

describe('a status that is none of a failed request', () => {
  it.each([[0], [200], [299], [600], [503.5], [NaN], [null]])('%p decides nothing', async (status) => {
    expect(await waitsFor(causedByCode({ status }))).toEqual([]);
    expect(await waitsFor(errorWith({ status }))).toEqual([100]);
  });

  it.each([[503], [599]])('is not %p, which is tried again whatever caused it', async (status) => {
    expect(await waitsFor(causedByCode({ status }))).toEqual([100]);
  });

  it('leaves it to the status of the response', async () => {
    expect(await waitsFor(causedByCode({ status: 0, response: { status: 503 } }))).toEqual([100]);
    expect(await waitsFor(errorWith({ status: 200, response: { status: 404 } }))).toEqual([]);
  });
});

function inItself<E extends Error>(error: E, add: (error: E) => void): E {
  add(error);
  return error;
}

describe('errors without an end are judged all the same:', () => {
  it.each<[string, Error, readonly number[]]>([
    ['one that is its own cause', inItself(new Error('down'), (error) => (error.cause = error)), [100]],
    [
      'a fault of code that is its own cause',
      inItself(new TypeError('x'), (error) => (error.cause = error)),
      [],
    ],
    [
      'an AggregateError in itself',
      inItself(new AggregateError([]), (error) => error.errors.push(error)),
      [100],
    ],
    [
      'an AggregateError in itself, beside a fault of code',
      inItself(new AggregateError([new TypeError('x')]), (error) => error.errors.push(error)),
      [],
    ],
  ])('%s', async (_, error, waits) => {
    expect(await waitsFor(error)).toEqual(waits);
  });
});

describe('a list of errors', () => {
  const faults = [new TypeError('x'), new ReferenceError('y')];

  it('of an AggregateError decides', async () => {
    expect(await waitsFor(new AggregateError(faults))).toEqual([]);
  });

  it('of an error that is no AggregateError decides nothing: any library may call a field so', async () => {
    expect(await waitsFor(errorWith({ errors: faults }))).toEqual([100]);
  });

  it('decides nothing if it is no list', async () => {
    expect(
      await waitsFor(inItself(new AggregateError([]), (error) => (error.errors = faults[0] as never))),
    ).toEqual([100]);
  });
});

describe('is not tried again by itself', () => {
  it.each<[string, unknown]>([
    ['an EvalError', new EvalError('no')],
    [
      'a key that stands for another policy',
      new KeyConflictError({ key: 'geo', here: undefined, there: undefined }),
    ],
    ['a panel that is full', new PanelFullError({ what: 'circuits', capacity: 1 })],
    ['a policy that makes no sense', new PolicyError('RetryPolicy', [])],
    ['the refusal of a circuit', new CircuitBreakerError({ circuit: 'geo', state: 'open', retryAfter: 5 })],
  ])('%s', async (_, error) => {
    expect(await waitsFor(error)).toEqual([]);
    expect(attemptsOf(error)?.count).toBe(1);
  });
});
