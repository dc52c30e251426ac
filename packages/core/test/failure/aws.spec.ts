import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorWith } from './made-errors.js';

/** As the SDK's version 3 makes it. */
const aws = (name: string, httpStatusCode: number, fields: object = {}) =>
  errorWith({
    name,
    $fault: 'client',
    $metadata: { httpStatusCode, attempts: 1, totalRetryDelay: 0 },
    ...fields,
  });

describe('throttling is overload, whatever its status', () => {
  it.each([
    'ThrottlingException',
    'Throttling',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'SlowDown',
    'TooManyRequestsException',
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'LimitExceededException',
  ])('%s', (name) => {
    expect(failureOf(aws(name, 400))).toEqual({
      kind: 'overload',
      family: 'aws',
      status: 400,
      retryAfter: undefined,
      transient: true,
      text: `AWS ${name}`,
    });
  });

  it('as the code of version 2', () => {
    const error = errorWith({ code: 'Throttling', statusCode: 400, requestId: '1', retryable: true });
    expect(failureOf(error)).toMatchObject({ kind: 'overload', family: 'aws', status: 400, transient: true });
  });

  it('as a trait', () => {
    const error = aws('KmsLimit', 400, { $retryable: { throttling: true } });
    expect(failureOf(error)).toMatchObject({ kind: 'overload', transient: true });
  });
});

it.each([
  ['ConditionalCheckFailedException', 400, 'answer', false],
  ['ValidationException', 400, 'answer', false],
  ['NoSuchKey', 404, 'answer', false],
  ['NotModified', 304, 'answer', false],
  ['TransactionConflictException', 400, 'answer', true],
  ['TransactionInProgressException', 400, 'answer', true],
  ['AccessDeniedException', 400, 'denied', false],
  ['UnrecognizedClientException', 400, 'denied', false],
  ['SignatureDoesNotMatch', 403, 'denied', false],
  ['RequestTimeout', 400, 'timeout', true],
  ['InternalError', 500, 'outage', true],
  ['ServiceUnavailable', 503, 'outage', true],
])('%s with %i is of kind %s, transient: %s', (name, status, kind, transient) => {
  expect(failureOf(aws(name, status))).toMatchObject({ kind, status, transient });
});

it('a conflict that the service marks as retryable is an answer that is transient', () => {
  const error = aws('ConflictException', 409, { $retryable: {} });
  expect(failureOf(error)).toMatchObject({ kind: 'answer', transient: true });
});

it('a signature that failed for the clock is tried again once the SDK has put it right', () => {
  const error = errorWith({
    name: 'RequestTimeTooSkewed',
    $metadata: { httpStatusCode: 403, clockSkewCorrected: true },
  });
  expect(failureOf(error)).toMatchObject({ kind: 'denied', transient: true });
});

it('a fault of the server without a status is an outage', () => {
  expect(failureOf(errorWith({ name: 'Oops', $fault: 'server' }))).toMatchObject({
    kind: 'outage',
    family: 'aws',
  });
});

it('a connection that broke is one, though the SDK names it a timeout', () => {
  // @smithy/node-http-handler, for a server that closes the socket.
  const error = errorWith(
    { name: 'TimeoutError', code: 'ECONNRESET', $metadata: { attempts: 1 } },
    'socket hang up',
  );
  expect(failureOf(error)).toMatchObject({ kind: 'outage', text: 'ECONNRESET' });
});

it.each(['AccessDenied', 'LimitExceededException', 'RequestTimeout'])(
  'the name %s means nothing on an error that is none of AWS',
  (name) => {
    expect(failureOf(errorWith({ name }))).toMatchObject({ kind: 'unknown', transient: true });
  },
);
