import { expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorWith } from './made-errors.js';

const extended = (extensions: object) => errorWith({ name: 'GraphQLError', extensions }, 'no');

it.each([
  ['BAD_USER_INPUT', 'answer', false],
  ['GRAPHQL_VALIDATION_FAILED', 'answer', false],
  ['PERSISTED_QUERY_NOT_FOUND', 'answer', false],
  ['UNAUTHENTICATED', 'denied', false],
  ['FORBIDDEN', 'denied', false],
  ['THROTTLED', 'overload', true],
  ['RATE_LIMITED', 'overload', true],
  ['INTERNAL_SERVER_ERROR', 'outage', true],
  ['OF_OUR_OWN', 'unknown', true],
])('code %s is of kind %s, transient: %s', (code, kind, transient) => {
  expect(failureOf(extended({ code }))).toMatchObject({ kind, transient });
});

it.each<[string, object]>([
  ['http', { http: { status: 404 } }],
  ['response', { response: { status: 404 } }],
  ['originalError of Nest', { originalError: { statusCode: 404, message: 'no' } }],
])('a status is found in the %s of the extensions', (_, extensions) => {
  expect(failureOf(extended(extensions))).toMatchObject({ kind: 'answer', family: 'graphql', status: 404 });
});

const errors = [{ message: 'no', path: ['a'], extensions: { code: 'BAD_USER_INPUT' } }];

it.each<[string, unknown]>([
  ['the response of graphql-request', errorWith({ response: { status: 200, errors, data: null } })],
  ['Apollo 4', errorWith({ name: 'CombinedGraphQLErrors', errors, data: null })],
  ['Apollo 3', errorWith({ name: 'ApolloError', graphQLErrors: errors, networkError: null })],
  ['urql', errorWith({ name: 'CombinedError', graphQLErrors: errors, response: { status: 200 } })],
])('errors are found as those of %s', (_, error) => {
  expect(failureOf(error)).toMatchObject({ kind: 'answer', family: 'graphql', transient: false });
});

it('GitHub has the code beside the path', () => {
  const error = errorWith({
    name: 'GraphqlResponseError',
    errors: [{ type: 'NOT_FOUND', path: ['user'], message: 'no' }],
  });
  expect(failureOf(error)).toMatchObject({ kind: 'answer', family: 'graphql' });
});

it('of several errors the one counts that says the worst of the service', () => {
  const many = ['BAD_USER_INPUT', 'INTERNAL_SERVER_ERROR', 'FORBIDDEN'].map((code) => ({
    extensions: { code },
  }));
  expect(failureOf(errorWith({ response: { status: 200, errors: many } })).kind).toBe('outage');
});

it('a network that failed is found behind an error of Apollo', () => {
  const networkError = errorWith({ code: 'ECONNREFUSED' });
  const error = errorWith({ name: 'ApolloError', graphQLErrors: [], networkError });
  expect(failureOf(error)).toMatchObject({ kind: 'outage', text: 'ECONNREFUSED' });
});

it('the extensions say when to come again, in seconds', () => {
  expect(failureOf(extended({ code: 'THROTTLED', retryAfter: 2 }))).toMatchObject({
    kind: 'overload',
    retryAfter: 2_000,
  });
});

it('extensions that are somebody else’s say nothing', () => {
  expect(failureOf(errorWith({ extensions: { code: 404 } })).kind).toBe('unknown');
});
