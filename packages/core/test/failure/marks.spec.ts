import { expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { isRetryable } from '../../src/failure/is-retryable.js';
import { errorOfClass, errorWith } from './made-errors.js';

it.each(['retryable', 'isRetryable', 'retriable', 'isTransient'])('%s says whether to try again', (mark) => {
  expect(isRetryable(errorWith({ [mark]: false }))).toBe(false);
  expect(isRetryable(errorWith({ [mark]: true, status: 409 }))).toBe(true);
  expect(isRetryable(errorWith({ [mark]: false, status: 503 }))).toBe(false);
  expect(isRetryable(errorWith({ [mark]: 'false' }))).toBe(true);
});

it('a mark leaves the kind as it is', () => {
  expect(failureOf(errorWith({ retryable: true, status: 409 }))).toMatchObject({
    kind: 'answer',
    status: 409,
  });
  expect(failureOf(errorWith({ retryable: false, code: 'ECONNRESET' }))).toMatchObject({
    kind: 'outage',
    transient: false,
  });
  expect(failureOf(errorWith({ retryable: false }))).toMatchObject({ kind: 'unknown', transient: false });
});

it('x-should-retry says it in a header', () => {
  const said = (value: string, status: number) =>
    errorWith({ status, headers: new Headers({ 'x-should-retry': value }) });
  expect(isRetryable(said('true', 409))).toBe(true);
  expect(isRetryable(said('false', 500))).toBe(false);
  expect(isRetryable(said('perhaps', 500))).toBe(true);
});

it('a getter of a class is a mark as well', () => {
  class Failed extends Error {
    readonly isFinal: boolean = true;

    get retryable() {
      return !this.isFinal;
    }
  }
  expect(isRetryable(new Failed())).toBe(false);
});

it('the outermost mark counts', () => {
  const inner = errorWith({ retryable: true, status: 404 });
  expect(isRetryable(new Error('', { cause: inner }))).toBe(true);
  expect(isRetryable(errorWith({ retryable: false, cause: inner }))).toBe(false);
});

it('no mark makes an abort worth another attempt', () => {
  expect(isRetryable(errorWith({ name: 'AbortError', retryable: true }))).toBe(false);
});

it('what a class is called is no mark', () => {
  expect(isRetryable(errorOfClass(['NotRetryableError']))).toBe(true);
});
