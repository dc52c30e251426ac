import { fieldOf, isObject } from '../errors/object-shape.js';
import { type Clues, itemsOf, rareFieldOf } from './clues.js';
import { failure, type Failure, type FailureKind } from './failure.js';
import { asStatus, httpFailure } from './http.js';

/** Codes of Apollo Server, GitHub, Shopify and Hasura, in `extensions.code`. */
const CODES: ReadonlyMap<unknown, readonly [FailureKind, transient: boolean]> = new Map([
  ['BAD_REQUEST', ['answer', false]],
  ['BAD_USER_INPUT', ['answer', false]],
  ['CONFLICT', ['answer', false]],
  ['GRAPHQL_PARSE_FAILED', ['answer', false]],
  ['GRAPHQL_VALIDATION_FAILED', ['answer', false]],
  ['MAX_COST_EXCEEDED', ['answer', false]],
  ['NOT_FOUND', ['answer', false]],
  ['OPERATION_RESOLUTION_FAILURE', ['answer', false]],
  ['PERSISTED_QUERY_NOT_FOUND', ['answer', false]],
  ['PERSISTED_QUERY_NOT_SUPPORTED', ['answer', false]],
  ['UNPROCESSABLE', ['answer', false]],
  ['constraint-violation', ['answer', false]],
  ['data-exception', ['answer', false]],
  ['validation-failed', ['answer', false]],
  ['FORBIDDEN', ['denied', false]],
  ['UNAUTHENTICATED', ['denied', false]],
  ['UNAUTHORIZED', ['denied', false]],
  ['access-denied', ['denied', false]],
  ['invalid-jwt', ['denied', false]],
  ['RATELIMITED', ['overload', true]],
  ['RATE_LIMITED', ['overload', true]],
  ['THROTTLED', ['overload', true]],
  ['TOO_MANY_REQUESTS', ['overload', true]],
  ['DOWNSTREAM_SERVICE_ERROR', ['outage', true]],
  ['INTERNAL_SERVER_ERROR', ['outage', true]],
  ['SERVICE_UNAVAILABLE', ['outage', true]],
  ['SUBREQUEST_HTTP_ERROR', ['outage', true]],
] as const);

/** If one answer has several errors, the kind that stands first here counts. */
const WORST: readonly FailureKind[] = ['overload', 'outage', 'denied', 'answer'];

/**
 * GraphQL errors, by what their `extensions` say: thrown as they are, as a list of Apollo, urql or Octokit, or in the
 * `response` of graphql-request. Their HTTP status is 200 more often than not.
 */
export function readGraphql(clues: Clues): Failure | undefined {
  const own = isObject(clues.extensions) ? readExtensions(clues.extensions) : undefined;
  if (own !== undefined) return own;
  if (!clues.hasRare && !isObject(clues.errors) && !isObject(clues.response)) return undefined;
  let worst: Failure | undefined;
  for (const one of graphqlErrorsOf(clues)) {
    const reading = readError(one);
    if (reading === undefined) continue;
    if (worst === undefined || WORST.indexOf(reading.kind) < WORST.indexOf(worst.kind)) worst = reading;
  }
  return worst;
}

function graphqlErrorsOf(clues: Clues): readonly unknown[] {
  const { errors, response } = clues;
  if (Array.isArray(errors)) return itemsOf(errors);
  const list = itemsOf(rareFieldOf(clues, 'graphQLErrors'));
  return list.length === 0 && isObject(response) ? itemsOf(fieldOf(response, 'errors')) : list;
}

function readError(error: unknown): Failure | undefined {
  const extensions = fieldOf(error, 'extensions');
  if (isObject(extensions)) {
    const reading = readExtensions(extensions);
    if (reading !== undefined) return reading;
  }
  // GitHub has the code beside the `path`, and no extensions.
  return Array.isArray(fieldOf(error, 'path')) ? readCode(fieldOf(error, 'type')) : undefined;
}

function readExtensions(extensions: object): Failure | undefined {
  const status =
    asStatus(fieldOf(fieldOf(extensions, 'http'), 'status')) ??
    asStatus(fieldOf(fieldOf(extensions, 'response'), 'status')) ??
    asStatus(fieldOf(fieldOf(extensions, 'originalError'), 'statusCode')) ??
    asStatus(fieldOf(extensions, 'status')) ??
    asStatus(fieldOf(extensions, 'statusCode'));
  const reading = readCode(fieldOf(extensions, 'code'));
  if (status === undefined) return reading;
  // The code says more than the status: Apollo answers what it cannot parse with 400, and what a user may not see too.
  return reading === undefined ? { ...httpFailure(status), family: 'graphql' } : { ...reading, status };
}

function readCode(code: unknown): Failure | undefined {
  const meaning = typeof code === 'string' ? CODES.get(code) : undefined;
  return meaning === undefined
    ? undefined
    : failure(meaning[0], 'graphql', meaning[1], `GraphQL ${String(code)}`);
}
