import { tryRead } from '../errors/attempt.js';
import { builtInErrorsOf, isErrorLike } from '../errors/error-shape.js';
import { brandOf } from '../errors/switchgear-error.js';
import { isRefusal } from '../errors/refusal-error.js';

/** HTTP 4xx that say something of the moment, not of the request: Request Timeout, Too Early, Too Many Requests. */
const PASSING_STATUSES: ReadonlySet<unknown> = new Set([408, 425, 429]);

/** Built-in errors that say something of the code, which will be the same at the next attempt. */
const FAULTS_OF_CODE: ReadonlySet<string> = new Set([
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
]);

/** Our own errors that say so. */
const FAULTS_OF_USE: ReadonlySet<unknown> = new Set(['ERR_POLICY', 'ERR_KEY_CONFLICT', 'ERR_PANEL_FULL']);

/** Causes have no end where one is its own. */
const MAX_DEPTH = 10;

/**
 * Whether another attempt might fare better: the default of a retry policy's `retryOn`. True for all but
 *
 * - aborts: an error named `AbortError`, or with the code `ABORT_ERR`; a `TimeoutError` is retried
 * - refusals of policies, such as `CircuitBreakerError`
 * - HTTP 4xx other than 408, 425 and 429, by `status` or `statusCode` of the error or of its `response`
 * - programming errors: the built-in classes such as `ReferenceError` and `TypeError`, failed assertions, faults of a policy
 *
 * An error that has an error as its `cause` is retried only if its cause would be, and one whose HTTP status says that it may be
 * retried is retried whatever its cause. A `TypeError` with a cause is judged by the cause alone, for `fetch` rejects so when the
 * network fails. An `AggregateError` is retried if any of its errors would be.
 *
 * Never throws, whatever it is asked about.
 *
 * @example
 * const charge = withRetry({ retryOn: (error) => isRetryable(error) && !isCardError(error) })(chargeCard);
 */
export function isRetryable(error: unknown): boolean {
  return mayPass(error, 0);
}

function mayPass(error: unknown, depth: number): boolean {
  if (typeof error !== 'object' || error === null || depth === MAX_DEPTH) return true;
  const status = statusOf(error);
  if (status !== undefined) return status < 400 || status >= 500 || PASSING_STATUSES.has(status);
  if (isRefusal(error) || FAULTS_OF_USE.has(brandOf(error)) || isAbortOrAssertion(error)) return false;
  const cause = tryRead(() => (error as { cause?: unknown }).cause);
  const builtIn = tryRead(() => builtInErrorsOf(error)) ?? [];
  if (builtIn.some((name) => FAULTS_OF_CODE.has(name))) {
    return isErrorLike(cause) ? mayPass(cause, depth + 1) : isFailedFetch(error);
  }
  const errors = tryRead(() => (error as { errors?: unknown }).errors);
  if (builtIn[0] === 'AggregateError' && Array.isArray(errors) && errors.length > 0) {
    return errors.some((one) => mayPass(one, depth + 1));
  }
  return !isErrorLike(cause) || mayPass(cause, depth + 1);
}

function statusOf(error: object): number | undefined {
  const { response } = readable(error, ['response']);
  for (const holder of [error, response]) {
    if (typeof holder !== 'object' || holder === null) continue;
    for (const status of Object.values(readable(holder, ['status', 'statusCode']))) {
      if (Number.isInteger(status) && (status as number) >= 300 && (status as number) < 600)
        return status as number;
    }
  }
  return undefined;
}

function isAbortOrAssertion(error: object): boolean {
  const { name, code } = readable(error, ['name', 'code']);
  return name === 'AbortError' || code === 'ABORT_ERR' || code === 'ERR_ASSERTION';
}

/** What `fetch` says of a network that failed, should it come without the cause that it has in Node. */
function isFailedFetch(error: object): boolean {
  const { name, message } = readable(error, ['name', 'message']);
  return name === 'TypeError' && message === 'fetch failed';
}

/** Fields of an object that may be anything: what cannot be read is not there. */
function readable<Name extends string>(owner: object, names: readonly Name[]): Record<Name, unknown> {
  const read = (name: Name) => [name, tryRead(() => (owner as Record<string, unknown>)[name])];
  return Object.fromEntries(names.map(read)) as Record<Name, unknown>;
}
