import { describe, expect, it } from '@jest/globals';
import { CircuitBreakerError } from '@switchgear/core';
import { failureOf } from '../../src/failure/failure-of.js';
import { isAnswer } from '../../src/failure/is-answer.js';
import { isRetryable } from '../../src/failure/is-retryable.js';
import { retryAfterOf } from '../../src/failure/retry-after-of.js';
import { statusOf } from '../../src/failure/status-of.js';
import { errorOfClass, errorWith, fetchFailed } from '../failure/made-errors.js';

// The shapes are those that the clients threw at a server of ours which refused, reset, answered, cut its JSON or hung:
// undici 7.30, axios 1.21, got 14, ky 1.14, node-fetch 3.3, superagent 10, openai 6, @anthropic-ai/sdk 1.14,
// @aws-sdk/client-s3 3.1175, @octokit/request 10, graphql-request 7, @grpc/grpc-js 1.14, pg 8, ioredis 6, redis 5,
// nodemailer 10.

const refused = () =>
  errorWith(
    { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port: 1 },
    'connect ECONNREFUSED 127.0.0.1:1',
  );
const socketClosed = () =>
  errorOfClass(['UndiciError', 'SocketError'], { name: 'SocketError', code: 'UND_ERR_SOCKET', socket: {} });
const json = {
  'content-type': 'application/json',
  date: 'Sat, 28 Nov 2026 15:48:40 GMT',
  connection: 'keep-alive',
};
const busy = { ...json, 'retry-after': '3' };

describe('what each client throws where nobody listens is an outage that may pass', () => {
  it.each<[string, unknown]>([
    ['fetch and ky', fetchFailed(refused())],
    ['undici and http', refused()],
    [
      'axios',
      errorOfClass(['AxiosError'], {
        isAxiosError: true,
        code: 'ECONNREFUSED',
        config: {},
        cause: refused(),
      }),
    ],
    ['got', errorOfClass(['RequestError'], { name: 'RequestError', code: 'ECONNREFUSED', cause: refused() })],
    [
      'node-fetch',
      errorOfClass(['FetchBaseError', 'FetchError'], {
        type: 'system',
        errno: 'ECONNREFUSED',
        code: 'ECONNREFUSED',
      }),
    ],
    ['superagent', Object.assign(refused(), { response: undefined })],
    [
      'openai',
      errorOfClass(['OpenAIError', 'APIError', 'APIConnectionError'], {
        status: undefined,
        headers: undefined,
        code: undefined,
        type: undefined,
        cause: fetchFailed(refused()),
      }),
    ],
    ['the AWS SDK', Object.assign(refused(), { $metadata: { attempts: 1, totalRetryDelay: 0 } })],
    [
      'Octokit, who makes a status of it',
      errorOfClass(['RequestError'], {
        name: 'HttpError',
        status: 500,
        request: {},
        response: undefined,
        cause: fetchFailed(refused()),
      }),
    ],
    ['gRPC', errorWith({ code: 14, details: 'No connection established.', metadata: {} })],
    ['pg and node-redis', refused()],
    ['ioredis', errorOfClass(['RedisError', 'AbortError', 'MaxRetriesPerRequestError'])],
    [
      'nodemailer',
      errorWith({ errno: -111, code: 'ESOCKET', originalCode: 'ECONNREFUSED', command: 'CONN' }),
    ],
  ])('%s', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: true });
  });
});

describe('what each client throws for a connection that broke is an outage that may pass', () => {
  it.each<[string, unknown]>([
    ['fetch', fetchFailed(socketClosed())],
    ['fetch, in the body', new TypeError('terminated', { cause: socketClosed() })],
    ['undici', socketClosed()],
    ['axios', errorOfClass(['AxiosError'], { code: 'ECONNRESET', config: {} }, 'socket hang up')],
    [
      'axios, in the body',
      errorOfClass(['AxiosError'], { name: 'AxiosError', code: 'ERR_BAD_RESPONSE', config: {} }),
    ],
    [
      'got, in the body, whose cause is no error',
      errorOfClass(['RequestError', 'ReadError'], { code: 'ECONNRESET', cause: { code: 'ECONNRESET' } }),
    ],
    [
      'the AWS SDK, which calls it a timeout',
      errorWith({ name: 'TimeoutError', code: 'ECONNRESET', $metadata: {} }),
    ],
    ['node-redis', errorOfClass(['SocketClosedUnexpectedlyError'])],
  ])('%s', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: true });
  });
});

/** An answer of a status and headers as each client throws it. */
const throwers: readonly (readonly [string, (status: number, headers: Record<string, string>) => unknown])[] =
  [
    [
      'undici',
      (statusCode, headers) =>
        errorOfClass(['UndiciError', 'ResponseError'], {
          code: 'UND_ERR_RESPONSE',
          statusCode,
          body: {},
          headers,
        }),
    ],
    [
      'axios',
      (status, headers) =>
        errorOfClass(['AxiosError'], {
          name: 'AxiosError',
          isAxiosError: true,
          code: status < 400 || status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST',
          config: {},
          request: {},
          response: { status, statusText: 'x', headers, data: {} },
          status,
        }),
    ],
    [
      'got',
      (statusCode, headers) =>
        errorOfClass(['RequestError', 'HTTPError'], {
          name: 'HTTPError',
          code: 'ERR_NON_2XX_3XX_RESPONSE',
          cause: {},
          response: { statusCode, headers },
        }),
    ],
    [
      'ky',
      (status, headers) =>
        errorOfClass(['HTTPError'], {
          response: new Response(null, { status, headers }),
          request: {},
          options: {},
        }),
    ],
    [
      'superagent',
      (status, headers) => errorWith({ status, response: { status, headers, res: { statusCode: status } } }),
    ],
    [
      'openai',
      (status, headers) =>
        errorOfClass(['OpenAIError', 'APIError'], {
          status,
          headers: new Headers(headers),
          code: 'c',
          type: 't',
        }),
    ],
    [
      'the AWS SDK',
      (status, headers) =>
        errorOfClass(['ServiceException', 'S3ServiceException'], {
          $fault: status < 500 ? 'client' : 'server',
          $metadata: { httpStatusCode: status, attempts: 1 },
          $response: { statusCode: status, headers },
        }),
    ],
    [
      'Octokit',
      (status, headers) =>
        errorOfClass(['RequestError'], {
          name: 'HttpError',
          status,
          request: {},
          response: { status, headers, data: {} },
        }),
    ],
    [
      'graphql-request',
      (status, headers) =>
        errorOfClass(['ClientError'], {
          response: { status, headers: new Headers(headers), body: '' },
          request: {},
        }),
    ],
  ];

describe.each(throwers)('an answer that %s throws', (_, thrown) => {
  it.each([
    [302, 'answer', false],
    [304, 'answer', false],
    [400, 'answer', false],
    [401, 'denied', false],
    [403, 'denied', false],
    [404, 'answer', false],
    [409, 'answer', false],
    [429, 'overload', true],
    [500, 'outage', true],
    [501, 'outage', false],
    [503, 'outage', true],
  ])('with %i is of kind %s, transient: %s', (status, kind, transient) => {
    const error = thrown(status, json);
    expect(failureOf(error)).toMatchObject({ kind, transient, status, retryAfter: undefined });
    expect([isRetryable(error), isAnswer(error), statusOf(error)]).toEqual([
      transient,
      kind === 'answer' || kind === 'denied',
      status,
    ]);
  });

  it.each([403, 429, 503])('with %i and a Retry-After is overload, to be tried again then', (status) => {
    expect(failureOf(thrown(status, busy))).toMatchObject({
      kind: 'overload',
      transient: true,
      status,
      retryAfter: 3_000,
    });
  });
});

describe('O3: an abort by a signal that is no argument is not retried', () => {
  it.each<[string, unknown]>([
    [
      'axios (axios-retry#227)',
      errorOfClass(['AxiosError', 'CanceledError'], { code: 'ERR_CANCELED', config: {} }),
    ],
    ['the oldest axios (retry-axios#99)', { message: 'canceled', __CANCEL__: true }],
    ['undici', errorWith({ code: 'UND_ERR_ABORTED' })],
    ['openai', errorOfClass(['OpenAIError', 'APIError', 'APIUserAbortError'], { status: undefined })],
  ])('%s', (_, error) => {
    expect(isRetryable(error)).toBe(false);
  });
});

describe('O4: what the dependency says for good is not retried (graphile/worker#387)', () => {
  const pg = (code: string) =>
    errorOfClass(['DatabaseError'], { name: 'error', severity: 'ERROR', code, routine: 'x' });

  it.each(['23505', '42601', '42P01', '22P02', '28P01'])('SQLSTATE %s', (code) => {
    expect(isRetryable(pg(code))).toBe(false);
  });

  it.each(['40001', '40P01', '57P03', '53300', '53200', '08006', '08003'])('but SQLSTATE %s is', (code) => {
    expect(isRetryable(pg(code))).toBe(true);
  });

  it.each<[string, unknown]>([
    ['Google, with the status in its code', errorWith({ code: 404, errors: [{ reason: 'notFound' }] })],
    ['Kubernetes, with the status in its code', errorWith({ code: 404, body: '{}', headers: json })],
    ['a status as text', errorWith({ status: '404' })],
    [
      'Boom',
      errorWith({ isBoom: true, isServer: false, output: { statusCode: 404, payload: {}, headers: {} } }),
    ],
    ['GraphQL', errorWith({ extensions: { code: 'X', http: { status: 404 } } })],
    ['a mark', errorWith({ retryable: false })],
  ])('%s', (_, error) => {
    expect(isRetryable(error)).toBe(false);
  });
});

it('O5: the AWS SDK has the Retry-After in a response that does not show', () => {
  const error = errorWith({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
  const $response = { statusCode: 503, headers: { 'retry-after': 3 } };
  Object.defineProperty(error, '$response', { value: $response, enumerable: false });
  expect(retryAfterOf(error, 0)).toBe(3_000);
});

it('O6: Octokit’s 304, axios’ 302 and ky’s 304 are answers, and not retried (octokit/plugin-retry#5)', () => {
  for (const [client, status] of [['Octokit', 304] as const, ['axios', 302] as const, ['ky', 304] as const]) {
    const thrown = throwers.find(([name]) => name === client)?.[1];
    expect(failureOf(thrown?.(status, json))).toMatchObject({ kind: 'answer', transient: false, status });
  }
});

describe('O8: a refusal is found through its causes (Polly#618, resilience4j#1065)', () => {
  const refusal = new CircuitBreakerError({ circuit: 'users', state: 'open', retryAfter: 400 });

  it.each<[string, unknown]>([
    ['wrapped by a service', errorOfClass(['ServiceError'], { cause: refusal })],
    [
      'wrapped twice, with a status',
      errorWith({ status: 503, cause: new Error('users', { cause: refusal }) }),
    ],
    ['in an AggregateError of refusals only', new AggregateError([refusal, refusal])],
  ])('%s', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'refusal', transient: false, retryAfter: 400 });
  });
});

describe('O27: what is tried again, and what is not', () => {
  it.each<[string, unknown, boolean]>([
    ['JSON cut short (omise-node#62)', new SyntaxError('Unexpected end of JSON input'), true],
    ['an expired certificate (got#208)', fetchFailed(errorWith({ code: 'CERT_HAS_EXPIRED' })), false],
    [
      'a file that is not there',
      errorWith({ code: 'ENOENT', errno: -2, syscall: 'open', path: '/x' }),
      false,
    ],
    ['501', errorWith({ status: 501 }), false],
    [
      'GraphQL 200 with BAD_USER_INPUT',
      errorOfClass(['ClientError'], {
        response: {
          status: 200,
          headers: new Headers(json),
          errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
        },
      }),
      false,
    ],
  ])('%s', (_, error, transient) => {
    expect(isRetryable(error)).toBe(transient);
  });
});

// The caller's will is told by the signal (O2); what is left in the error is that a timeout was its reason.
it('O2: an abort by AbortSignal.timeout is a timeout where the client says so', () => {
  const cause = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  const node = errorWith({ name: 'AbortError', code: 'ABORT_ERR', cause });
  const axios = errorOfClass(['AxiosError', 'CanceledError'], {
    name: 'CanceledError',
    code: 'ERR_CANCELED',
    config: { signal: { aborted: true, reason: cause } },
  });
  expect([failureOf(node).kind, failureOf(axios).kind]).toEqual(['timeout', 'timeout']);
});
