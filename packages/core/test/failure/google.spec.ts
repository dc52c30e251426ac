import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorWith } from './made-errors.js';

/** As gaxios makes it of what Google answers. */
const gaxios = (status: number, error: object) =>
  errorWith({ code: status, status, config: {}, response: { status, headers: {}, data: { error } } });

describe('a rate that was exceeded is overload, though the status is 403', () => {
  it.each(['rateLimitExceeded', 'userRateLimitExceeded'])('%s in the body', (reason) => {
    const error = gaxios(403, { code: 403, errors: [{ domain: 'usageLimits', reason }] });
    expect(failureOf(error)).toMatchObject({
      kind: 'overload',
      family: 'google',
      status: 403,
      transient: true,
    });
  });

  it('on the error, as google-cloud has it', () => {
    const error = errorWith({ code: 403, errors: [{ reason: 'rateLimitExceeded' }], response: undefined });
    expect(failureOf(error)).toMatchObject({ kind: 'overload', status: 403, transient: true });
  });

  it('as the name of a status', () => {
    const error = gaxios(403, { code: 403, status: 'RESOURCE_EXHAUSTED' });
    expect(failureOf(error)).toMatchObject({ kind: 'overload', transient: true });
  });
});

it('a quota for the day is overload, and waiting is no use', () => {
  const error = gaxios(403, { code: 403, errors: [{ reason: 'dailyLimitExceeded' }] });
  expect(failureOf(error)).toMatchObject({ kind: 'overload', transient: false });
});

it('a RetryInfo among the details says when to come again', () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' }];
  expect(failureOf(gaxios(429, { code: 429, details }))).toMatchObject({
    kind: 'overload',
    retryAfter: 1_500,
  });
});

it('what is forbidden for another reason is denied', () => {
  const error = gaxios(403, { code: 403, errors: [{ reason: 'forbidden' }], status: 'PERMISSION_DENIED' });
  expect(failureOf(error)).toMatchObject({ kind: 'denied', status: 403, transient: false });
});

it('a status of Kubernetes that was thrown as it came', () => {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Conflict', code: 409 };
  expect(failureOf(status)).toMatchObject({ kind: 'answer', status: 409 });
});
