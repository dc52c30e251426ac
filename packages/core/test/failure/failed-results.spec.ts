import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, isFailedResult } from '@switchgear/core';
import fc from 'fast-check';

describe('a result that was returned says that the dependency failed', () => {
  it.each<[string, unknown]>([
    ['a response of HTTP 500', new Response(null, { status: 500 })],
    ['a response of HTTP 429', new Response(null, { status: 429 })],
    ['Supabase with HTTP 503', { data: null, error: { message: 'upstream' }, status: 503 }],
    ['Supabase whose fetch failed', { data: null, error: { message: 'TypeError: fetch failed' }, status: 0 }],
    [
      'openapi-fetch with HTTP 502',
      { error: { detail: 'bad gateway' }, response: new Response(null, { status: 502 }) },
    ],
    ['an error that says nothing certain', { error: new Error('down') }],
    [
      'GraphQL whose server failed',
      { data: null, errors: [{ message: 'boom', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    ],
  ])('where it is %s', (_, result) => {
    expect(isFailedResult(result)).toBe(true);
  });
});

describe('a result that was returned is good', () => {
  it.each<[string, unknown]>([
    ['a response of HTTP 200', new Response('ok')],
    ['a response of HTTP 404', new Response(null, { status: 404 })],
    ['Supabase with rows', { data: [1], error: null, status: 200 }],
    ['Supabase with a violated constraint', { data: null, error: { code: '23505' }, status: 409 }],
    [
      'openapi-fetch with HTTP 404',
      { error: { detail: 'none' }, response: new Response(null, { status: 404 }) },
    ],
    ['GraphQL with bad input', { errors: [{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }] }],
    ['a list', [1, 2]],
    ['nothing', undefined],
    ['a text', 'error'],
  ])('where it is %s', (_, result) => {
    expect(isFailedResult(result)).toBe(false);
  });
});

it('a circuit opens by results where its isFailure asks for them', async () => {
  const breaker = new CircuitBreaker({ failureThreshold: 1, isFailure: isFailedResult });
  await breaker.call(async () => ({ data: null, error: { message: 'upstream' }, status: 503 }));
  expect(breaker.state).toBe('open');
});

it('asking never throws', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withObjectString: true }), (result) => {
      expect(typeof isFailedResult(result)).toBe('boolean');
    }),
  );
});
