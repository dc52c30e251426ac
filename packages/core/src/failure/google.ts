import { fieldOf, isObject } from '../errors/object-shape.js';
import { type Clues, itemsOf } from './clues.js';
import { type Failure } from './failure.js';
import { grpcFailureNamed } from './grpc.js';
import { httpStatusOf } from './http.js';
import { bodyErrorOf } from './response-body.js';

/** Rates that renew within seconds. Google answers with 403 as well as with 429. */
const RATES: ReadonlySet<unknown> = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'RATE_LIMIT_EXCEEDED',
]);
/** Quotas that renew the next day: overload, but another attempt does not help. */
const DAILY: ReadonlySet<unknown> = new Set(['dailyLimitExceeded', 'quotaExceeded']);

/**
 * Errors of Google's JSON APIs, in which the status says less than the `reason` of the first of the `errors`, or than the
 * name of the gRPC status beside it: on the error itself (google-cloud), or in `response.data.error` (gaxios).
 */
export function readGoogle(clues: Clues): Failure | undefined {
  const { errors, response, status, error, code } = clues;
  if (!isObject(response) && !isObject(errors) && typeof code !== 'number') return undefined;
  const body = bodyErrorOf(response);
  const reason = reasonOf(errors) ?? reasonOf(fieldOf(body, 'errors'));
  if (RATES.has(reason)) return overload(clues, true, reason);
  if (DAILY.has(reason)) return overload(clues, false, reason);
  const name = fieldOf(body, 'status') ?? (typeof code === 'number' ? status : undefined);
  if (name === 'RESOURCE_EXHAUSTED') return overload(clues, true, name);
  // The body of an answer as it was, thrown: { code: 404, status: 'NOT_FOUND', message }.
  if (httpStatusOf(clues) !== undefined || typeof fieldOf(error, 'message') !== 'string') return undefined;
  const reading = grpcFailureNamed(name);
  return reading === undefined ? undefined : { ...reading, family: 'google', text: `Google ${String(name)}` };
}

function reasonOf(errors: unknown): unknown {
  return fieldOf(itemsOf(errors)[0], 'reason');
}

function overload(clues: Clues, transient: boolean, reason: unknown): Failure {
  const status = httpStatusOf(clues);
  return {
    kind: 'overload',
    family: 'google',
    status,
    retryAfter: undefined,
    transient,
    text: `Google ${String(reason)}`,
  };
}
