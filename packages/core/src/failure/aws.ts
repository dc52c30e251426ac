import { fieldOf, isObject } from '../errors/object-shape.js';
import { type Clues, rareFieldOf } from './clues.js';
import { failure, type Failure, type FailureKind, sharedFailure } from './failure.js';
import { httpStatusOf } from './http.js';

/** What the SDK's own retries take for throttling, with and without `Exception`. Source: @smithy/core, retry. */
const THROTTLING: ReadonlySet<unknown> = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestLimitExceededException',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'ThrottlingError',
  'TooManyRequests',
  'TooManyRequestsException',
]);

/** Names that mean this only beside what the SDK puts on each of its errors. */
const NAMES: ReadonlyMap<unknown, readonly [FailureKind, transient: boolean]> = new Map([
  ['LimitExceededException', ['overload', true]],
  ['AccessDenied', ['denied', false]],
  ['AccessDeniedException', ['denied', false]],
  ['AuthFailure', ['denied', false]],
  ['ExpiredToken', ['denied', false]],
  ['ExpiredTokenException', ['denied', false]],
  ['IncompleteSignature', ['denied', false]],
  ['InvalidAccessKeyId', ['denied', false]],
  ['InvalidClientTokenId', ['denied', false]],
  ['InvalidSignatureException', ['denied', false]],
  ['MissingAuthenticationToken', ['denied', false]],
  ['NotAuthorizedException', ['denied', false]],
  ['RequestExpired', ['denied', false]],
  ['RequestTimeTooSkewed', ['denied', false]],
  ['SignatureDoesNotMatch', ['denied', false]],
  ['UnauthorizedOperation', ['denied', false]],
  ['UnrecognizedClientException', ['denied', false]],
  ['RequestTimeout', ['timeout', true]],
  ['RequestTimeoutException', ['timeout', true]],
  ['ConcurrentModificationException', ['answer', true]],
  ['OptimisticLockException', ['answer', true]],
  ['TransactionConflictException', ['answer', true]],
  ['TransactionInProgressException', ['answer', true]],
] as const);

/** Errors of AWS services by their names; those without a name that says more are read by their HTTP status. */
export function readAws(clues: Clues): Failure | undefined {
  const { name, code, $metadata } = clues;
  const known = THROTTLING.has(name) ? name : THROTTLING.has(code) ? code : undefined;
  if (known !== undefined) return withStatus(clues, 'overload', true, known);
  const fault = rareFieldOf(clues, '$fault');
  // `requestId` beside `code` is how errors of the SDK's version 2 look.
  const isAws = isObject($metadata) || typeof fault === 'string' || isVersion2(clues);
  if (!isAws) return undefined;
  if (isThrottling(rareFieldOf(clues, '$retryable'))) return withStatus(clues, 'overload', true, name);
  const [kind, transient] = NAMES.get(name) ?? NAMES.get(code) ?? [];
  if (kind !== undefined && transient !== undefined) {
    // The SDK has put its clock right and says that the next attempt will be signed well.
    const isMended = fieldOf($metadata, 'clockSkewCorrected') === true;
    return withStatus(clues, kind, transient || isMended, NAMES.has(name) ? name : code);
  }
  if (fault === 'server' && httpStatusOf(clues) === undefined) return withStatus(clues, 'outage', true, name);
  return fault === undefined && isGood(fieldOf($metadata, 'httpStatusCode')) ? BROKEN_BODY : undefined;
}

/** A good status, and no error that the service has named: the SDK could not read the body. */
const BROKEN_BODY = sharedFailure('outage', 'aws', true, 'broken body');

function isGood(status: unknown): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}

function isVersion2(clues: Clues): boolean {
  return typeof clues.code === 'string' && typeof rareFieldOf(clues, 'requestId') === 'string';
}

function isThrottling(trait: unknown): boolean {
  return isObject(trait) && fieldOf(trait, 'throttling') === true;
}

function withStatus(clues: Clues, kind: FailureKind, transient: boolean, name: unknown): Failure {
  const text = typeof name === 'string' ? `AWS ${name}` : 'AWS';
  return { ...failure(kind, 'aws', transient, text), status: httpStatusOf(clues) };
}
