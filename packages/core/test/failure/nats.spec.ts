import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorOfClass, errorWith } from './made-errors.js';

// As nats 2.29 threw them at servers that refused, hung, or answered with -ERR.
const nats = (code: string, message = code) =>
  errorOfClass(['NatsError'], { name: 'NatsError', code, chainedError: undefined }, message);

describe('an error of NATS is', () => {
  it.each(['CONNECTION_REFUSED', 'DISCONNECT', 'CONNECTION_CLOSED', 'NATS_PROTOCOL_ERR'])(
    'an outage for %s',
    (code) => {
      expect(failureOf(nats(code))).toMatchObject({ kind: 'outage', family: 'nats', transient: true });
    },
  );

  it.each(['AUTHORIZATION_VIOLATION', 'BAD_AUTHENTICATION', 'PERMISSIONS_VIOLATION'])(
    'denied for %s',
    (code) => {
      expect(failureOf(nats(code))).toMatchObject({ kind: 'denied', transient: false });
    },
  );

  it.each(['TIMEOUT', 'CONNECTION_TIMEOUT'])('a timeout for %s', (code) => {
    expect(failureOf(nats(code))).toMatchObject({ kind: 'timeout', transient: true });
  });

  it('an outage where no one responds, without a status of HTTP', () => {
    expect(failureOf(nats('503'))).toMatchObject({ kind: 'outage', transient: true, status: undefined });
  });

  it('an answer for a stream that is not there', () => {
    expect(failureOf(nats('404', 'stream not found'))).toMatchObject({ kind: 'answer', status: undefined });
  });

  it('overload where the server takes no more connections', () => {
    const full = nats('NATS_PROTOCOL_ERR', "'maximum connections exceeded'");
    expect(failureOf(full)).toMatchObject({ kind: 'overload', transient: true });
  });

  it('an abort for a request that was cancelled', () => {
    expect(failureOf(nats('CANCELLED'))).toMatchObject({ kind: 'abort', transient: false });
  });

  it('an answer for a message that is too large', () => {
    expect(failureOf(nats('MAX_PAYLOAD_EXCEEDED'))).toMatchObject({ kind: 'answer', transient: false });
  });
});

it('a code such as TIMEOUT alone is none of NATS', () => {
  expect(failureOf(errorWith({ code: 'DISCONNECT' })).family).not.toBe('nats');
});
