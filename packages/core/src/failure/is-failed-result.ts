import { fieldOf, isObject } from '../errors/object-shape.js';
import { failureOf } from './failure-of.js';
import type { Failure, FailureKind } from './failure.js';

/** What a result says by its own status: an error without one says nothing of the dependency. */
const TROUBLE: ReadonlySet<FailureKind> = new Set(['overload', 'outage', 'timeout']);

/**
 * Whether a result that was returned, not thrown, says that the dependency failed: for the `isFailure` of a circuit around clients that
 * do not throw. The `retryIf` of a retry asks `isRetryable` as well, for a 501 fails and will not pass.
 *
 * - A response with a status, as of `fetch`: true for overload and outages (429, 503, 500), false for answers (200, 404).
 * - A result with an `error`, as of Supabase or openapi-fetch: by the status of the result or its `response`, else by the error;
 *   true for an error that says nothing certain.
 * - A result with `errors`, as of GraphQL clients: true if one of them is trouble of the server.
 *
 * Never throws.
 *
 * @example
 * const load = withCircuitBreaker({ key: 'db', isFailure: isFailedResult })(() => supabase.from('users').select());
 */
export function isFailedResult(result: unknown): boolean {
  if (!isObject(result)) return false;
  const own = failureOf(result);
  if (own.kind !== 'unknown') return TROUBLE.has(own.kind);
  const error = fieldOf(result, 'error');
  if (error !== undefined && error !== null && error !== false) return isTrouble(failureOf(error));
  const errors = fieldOf(result, 'errors');
  return Array.isArray(errors) && errors.some((one) => TROUBLE.has(failureOf(one).kind));
}

function isTrouble({ kind }: Failure): boolean {
  return TROUBLE.has(kind) || kind === 'unknown' || kind === 'bug';
}
