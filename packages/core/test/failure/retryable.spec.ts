import { describe, expect, it } from '@jest/globals';
import { CircuitBreakerError, isRetryable, PolicyError, withRetry } from '@switchgear/core';
import { rejectionOf, throwing } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

const coded = (code: string, message = code) => Object.assign(new Error(message), { code });
const fetchFailed = (cause?: unknown) => new TypeError('fetch failed', { cause });
const circular = new Error('its own cause');
circular.cause = circular;
const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe('another attempt may help after', () => {
  it.each<[string, unknown]>([
    ['an error that says nothing more', new Error('down')],
    ['a refused connection', coded('ECONNREFUSED')],
    ['a timeout', new DOMException('too long', 'TimeoutError')],
    ...[408, 425, 429, 500, 502, 503, 504].map((status): [string, unknown] => [
      `HTTP ${status}`,
      Object.assign(new Error(), { status }),
    ]),
    ['HTTP 503 as statusCode', Object.assign(new Error(), { statusCode: 503 })],
    ['HTTP 503 in a response', Object.assign(new Error(), { response: { status: 503 } })],
    [
      'HTTP 503, whatever caused it',
      Object.assign(new Error('', { cause: new TypeError() }), { status: 503 }),
    ],
    ['a fetch that failed for the network', fetchFailed(coded('ECONNRESET'))],
    ['a fetch that failed for a socket', fetchFailed(coded('UND_ERR_SOCKET', 'other side closed'))],
    ['a fetch that failed without a cause', fetchFailed()],
    ['a body that was cut off', new TypeError('terminated', { cause: coded('UND_ERR_SOCKET') })],
    ['addresses that all failed', new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')])],
    ['errors of which one may pass', new AggregateError([new TypeError(), coded('ECONNREFUSED')])],
    ['an empty AggregateError', new AggregateError([])],
    ['an error that is its own cause', circular],
    ['a text', 'down'],
    ['undefined', undefined],
    ['a status that is none of HTTP', Object.assign(new Error(), { status: 4 })],
    ['something that cannot be looked at', revoked.proxy],
  ])('%s', (_, error) => {
    expect(isRetryable(error)).toBe(true);
  });
});

describe('another attempt does not help after', () => {
  it.each<[string, unknown]>([
    ['an abort', new DOMException('stop', 'AbortError')],
    ["an abort of Node's", coded('ABORT_ERR')],
    ['the refusal of a circuit', new CircuitBreakerError({ circuit: 'geo', state: 'open' })],
    [
      'an error whose cause is a refusal',
      new Error('', { cause: new CircuitBreakerError({ circuit: 'geo', state: 'open' }) }),
    ],
    ...[400, 401, 403, 404, 409, 410, 422, 501].map((status): [string, unknown] => [
      `HTTP ${status}`,
      Object.assign(new Error(), { status }),
    ]),
    ['HTTP 404 as statusCode', Object.assign(new Error(), { statusCode: 404 })],
    ['HTTP 404 in a response', Object.assign(new Error(), { response: { status: 404 } })],
    [
      'HTTP 404 as the cause',
      new Error('lookup failed', { cause: Object.assign(new Error(), { status: 404 }) }),
    ],
    ['a ReferenceError', new ReferenceError('x is not defined')],
    ['a TypeError of code', new TypeError('x is not a function')],
    ['a RangeError', new RangeError('Maximum call stack size exceeded')],
    ['a SyntaxError', new SyntaxError('Unexpected token')],
    ['a URIError', new URIError('malformed')],
    ['a failed assertion', coded('ERR_ASSERTION')],
    ['a policy that makes no sense', new PolicyError('RetryPolicy', [])],
    [
      'a fetch of something that is no URL',
      new TypeError('Failed to parse URL', { cause: new TypeError('Invalid URL') }),
    ],
    [
      'an error whose cause is a fault of code',
      new Error('', { cause: new TypeError('x is not a function') }),
    ],
    ['errors of which none may pass', new AggregateError([new TypeError(), new ReferenceError()])],
  ])('%s', (_, error) => {
    expect(isRetryable(error)).toBe(false);
  });
});

it('what fetch really throws for a port where nobody listens may pass', async () => {
  const error = await rejectionOf(fetch('http://127.0.0.1:1/'));
  expect(isRetryable(error)).toBe(true);
});

it('what fetch really throws for an aborted signal does not pass', async () => {
  expect(isRetryable(await rejectionOf(fetch('http://127.0.0.1:1/', { signal: AbortSignal.abort() })))).toBe(
    false,
  );
});

describe('retryOn', () => {
  async function attemptsFor(
    error: unknown,
    retryOn?: NonNullable<Parameters<typeof withRetry>[0]>['retryOn'],
  ) {
    const { attempt, made } = throwing(error);
    const policy = retryOn === undefined ? {} : { retryOn };
    await rejectionOf(withRetry({ ...policy, maxRetries: 1 }, { clock: new JumpingClock() })(attempt)());
    return made();
  }

  it('is isRetryable unless given', async () => {
    expect([await attemptsFor(new Error()), await attemptsFor(new ReferenceError())]).toEqual([2, 1]);
  });

  it('takes a class, a predicate or a list', async () => {
    const busy = (error: unknown) => (error as { code?: unknown }).code === 'EBUSY';
    expect(await attemptsFor(new TypeError(), TypeError)).toBe(2);
    expect(await attemptsFor(new RangeError(), TypeError)).toBe(1);
    expect(await attemptsFor(coded('EBUSY'), [TypeError, busy])).toBe(2);
  });
});
