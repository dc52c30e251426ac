import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorOfClass, errorWith } from './made-errors.js';

const timeout = new DOMException('too long', 'TimeoutError');

describe('an abort is told in the words of', () => {
  it.each<[string, unknown]>([
    ['the web platform', new DOMException('stop', 'AbortError')],
    ['Node', errorWith({ name: 'AbortError', code: 'ABORT_ERR' })],
    ['undici', errorWith({ code: 'UND_ERR_ABORTED' })],
    ['axios', errorWith({ name: 'CanceledError', code: 'ERR_CANCELED', __CANCEL__: true })],
    ['the oldest axios, whose cancellations are no errors', { message: 'canceled', __CANCEL__: true }],
    ['got', errorOfClass(['RequestError', 'AbortError'], { name: 'AbortError', code: 'ERR_ABORTED' })],
    ['got 11', errorWith({ name: 'CancelError', code: 'ERR_CANCELED' })],
    ['node-fetch', errorOfClass(['FetchBaseError'], { type: 'aborted' })],
    ['superagent', errorWith({ code: 'ABORTED', method: 'GET', status: undefined }, 'Aborted')],
    ['openai, whose class alone says it', errorOfClass(['OpenAIError', 'APIError', 'APIUserAbortError'])],
    ['an error whose class a thread has lost', errorWith({ name: 'APIUserAbortError' })],
    ['a bundler that has made classes anew', errorOfClass(['APIUserAbortError2'])],
    ['the AWS SDK 2', errorWith({ code: 'RequestAbortedError', retryable: true })],
    ['nodemailer', errorWith({ code: 'EABORT' })],
    [
      'Octokit, who writes a status onto it',
      Object.assign(new DOMException('', 'AbortError'), { status: 500 }),
    ],
    ['whoever wraps one', new Error('lookup failed', { cause: new DOMException('stop', 'AbortError') })],
  ])('%s', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'abort', transient: false });
  });
});

it('Firestore says ABORTED of a transaction that met another one, which is no abort', () => {
  expect(failureOf(errorWith({ code: 'ABORTED' }, 'Too much contention')).kind).toBe('unknown');
});

describe('a timeout is told in the words of', () => {
  it.each<[string, unknown]>([
    ['the web platform', timeout],
    [
      'Node, whose abort has it as its cause',
      errorWith({ name: 'AbortError', code: 'ABORT_ERR', cause: timeout }),
    ],
    ['the AWS SDK, likewise', errorWith({ name: 'AbortError', $metadata: { attempts: 1 }, cause: timeout })],
    [
      'axios, which keeps the signal',
      errorWith({
        name: 'CanceledError',
        code: 'ERR_CANCELED',
        config: { signal: { aborted: true, reason: timeout } },
      }),
    ],
    ['got, whose code is a number then', errorWith({ name: 'TimeoutError', code: 23, cause: timeout })],
    ['openai, whose class alone says it', errorOfClass(['APIConnectionTimeoutError'])],
    ['an error whose class a thread has lost', errorWith({ name: 'APIConnectionTimeoutError' })],
    ['whoever wraps one', new Error('lookup failed', { cause: timeout })],
  ])('%s', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'timeout', transient: true });
  });
});
