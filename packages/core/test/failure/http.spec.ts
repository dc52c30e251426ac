import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { isAnswer } from '../../src/failure/is-answer.js';
import { statusOf } from '../../src/failure/status-of.js';
import { errorWith } from './made-errors.js';

const statuses = (kind: string, transient: boolean, list: readonly number[]) =>
  list.map((status) => ({ status, kind, transient }));

it.each([
  ...statuses(
    'answer',
    false,
    [300, 301, 302, 304, 400, 402, 404, 405, 409, 410, 412, 413, 418, 422, 451, 499],
  ),
  ...statuses('denied', false, [401, 403, 407, 421, 426, 511]),
  ...statuses('overload', true, [408, 425, 429, 449, 529]),
  ...statuses('outage', true, [500, 502, 503, 504, 520, 599]),
  ...statuses('outage', false, [501, 505]),
])('HTTP $status is of kind $kind, transient: $transient', ({ status, kind, transient }) => {
  expect(failureOf(errorWith({ status }))).toEqual({
    kind,
    family: 'http',
    status,
    retryAfter: undefined,
    transient,
    text: `HTTP ${status}`,
  });
});

describe('a status is found', () => {
  it.each<[string, unknown]>([
    ['as status: ky, openai, Octokit', errorWith({ status: 404 })],
    ['as statusCode: undici, Stripe', errorWith({ statusCode: 404, code: 'UND_ERR_RESPONSE' })],
    ['as a text', errorWith({ status: '404' })],
    ['as a text in statusCode: Supabase storage', errorWith({ statusCode: '404' })],
    ['in the response: axios', errorWith({ response: { status: 404, headers: {} } })],
    ['in the response of Node: got', errorWith({ response: { statusCode: 404 } })],
    ['in the output of a Boom', errorWith({ isBoom: true, output: { statusCode: 404, headers: {} } })],
    ['in the metadata of AWS', errorWith({ $fault: 'client', $metadata: { httpStatusCode: 404 } })],
    ['in the response of AWS', errorWith({ $response: { statusCode: 404, headers: {} } })],
    ['in the data of tRPC', errorWith({ data: { code: 'NOT_FOUND', httpStatus: 404 } })],
    ['as httpStatus', errorWith({ httpStatus: 404 })],
    ['in the code: Google', errorWith({ code: 404, errors: [{ reason: 'notFound' }] })],
    ['in the code: Kubernetes', errorWith({ code: 404, body: '{}', headers: {} })],
    ['in the code: SendGrid', errorWith({ code: 404, response: { headers: {}, body: {} } })],
    ['in the code alone, if no other protocol has it', errorWith({ code: 404 })],
    ['in an object that is no error', { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 }],
    ['in a Response that was thrown', new Response(null, { status: 404 })],
    ['in the cause', new Error('lookup', { cause: errorWith({ status: 404 }) })],
    ['in a Response as the cause', new Error('lookup', { cause: new Response(null, { status: 404 }) })],
  ])('%s', (_, error) => {
    expect([failureOf(error).kind, statusOf(error), isAnswer(error)]).toEqual(['answer', 404, true]);
  });
});

describe('no status is', () => {
  it.each<[string, unknown]>([
    ['a small number', errorWith({ status: 4 })],
    ['a good one', errorWith({ status: 200 })],
    ['the one of a good response', errorWith({ response: { status: 200 } })],
    ['a number beyond HTTP', errorWith({ status: 600 })],
    ['a fraction', errorWith({ status: 404.5 })],
    ['a text that is none', errorWith({ status: 'NOT_FOUND' })],
    ['a text with more in it', errorWith({ status: '404 ' })],
    ['the reply code of an FTP server', errorWith({ name: 'FTPError', code: 530 })],
    ['the code of a database', errorWith({ name: 'MongoServerError', code: 404 })],
    ['the exit code of a process', errorWith({ code: 255, killed: false, signal: null })],
    ['a code as text', errorWith({ code: 'R5' })],
  ])('%s', (_, error) => {
    expect(statusOf(error)).toBeUndefined();
    expect(failureOf(error)).toMatchObject({ kind: 'unknown', transient: true });
  });
});

it('a status that whoever wrapped a timeout made up does not hide it', () => {
  // Octokit: 500 for whatever fetch threw.
  const timeout = new DOMException('too long', 'TimeoutError');
  const error = errorWith({ name: 'HttpError', status: 500, response: undefined, cause: timeout });
  expect(failureOf(error)).toMatchObject({ kind: 'timeout', transient: true });
});

it('a status that is written onto an abort does not hide the abort', () => {
  const abort = Object.assign(new DOMException('stop', 'AbortError'), { status: 500 });
  expect(failureOf(abort)).toMatchObject({ kind: 'abort', transient: false, status: undefined });
});

it('an error whose status may pass is transient, whatever caused it', () => {
  expect(failureOf(errorWith({ status: 503, cause: new TypeError() }))).toMatchObject({
    kind: 'outage',
    transient: true,
  });
});

it('an account of OpenAI that is out of credit is not tried again', () => {
  const error = errorWith({ status: 429, code: 'insufficient_quota', headers: new Headers() });
  expect(failureOf(error)).toMatchObject({ kind: 'overload', transient: false });
});
