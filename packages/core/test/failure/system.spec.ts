import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/failure/failure-of.js';
import { errorWith, fetchFailed } from './made-errors.js';

it.each([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...[
    'UND_ERR_SOCKET',
    'ERR_NETWORK',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_HTTP2_GOAWAY_SESSION',
    'HPE_INVALID_VERSION',
  ],
])('%s is an outage', (code) => {
  expect(failureOf(errorWith({ code }))).toMatchObject({ kind: 'outage', family: 'system', transient: true });
});

it.each([
  ...[
    'ETIMEDOUT',
    'ESOCKETTIMEDOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
  ],
])('%s is a timeout', (code) => {
  expect(failureOf(errorWith({ code }))).toMatchObject({
    kind: 'timeout',
    family: 'system',
    transient: true,
  });
});

it.each([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EEXIST',
  'ENOTDIR',
  'EBADF',
  'ESRCH',
  'ENOSPC',
  'EINVAL',
  'ERR_TOO_MANY_REDIRECTS',
])('%s will be the same at the next attempt', (code) => {
  expect(failureOf(errorWith({ code, syscall: 'open' }))).toMatchObject({
    kind: 'unknown',
    transient: false,
  });
});

it.each(['EBUSY', 'EMFILE', 'EAGAIN'])('%s may pass', (code) => {
  expect(failureOf(errorWith({ code }))).toMatchObject({ kind: 'unknown', transient: true });
});

it('a local socket that is not there is a server that does not run', () => {
  const error = errorWith({ code: 'ENOENT', syscall: 'connect', address: '/run/app.sock' });
  expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: true });
});

it('ECONNABORTED is a timeout where axios says so', () => {
  const error = errorWith({ code: 'ECONNABORTED', isAxiosError: true }, 'timeout of 1000ms exceeded');
  expect(failureOf(error).kind).toBe('timeout');
  expect(failureOf(errorWith({ code: 'ECONNABORTED' })).kind).toBe('outage');
});

it('an answer of axios that broke off is an outage', () => {
  const error = errorWith({ name: 'AxiosError', code: 'ERR_BAD_RESPONSE' }, 'stream has been aborted');
  expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: true });
});

describe('a fetch that failed', () => {
  it.each<[string, unknown, string]>([
    ['for the network', fetchFailed(errorWith({ code: 'ECONNREFUSED', syscall: 'connect' })), 'ECONNREFUSED'],
    [
      'for a socket',
      fetchFailed(errorWith({ code: 'UND_ERR_SOCKET' }, 'other side closed')),
      'UND_ERR_SOCKET',
    ],
    [
      'in the middle of its body',
      new TypeError('terminated', { cause: errorWith({ code: 'UND_ERR_SOCKET' }) }),
      'UND_ERR_SOCKET',
    ],
    ['for a reason without a name', fetchFailed(new Error('bad port')), 'failed fetch'],
    ['without a cause', fetchFailed(), 'failed fetch'],
    ['in a browser', new TypeError('Failed to fetch'), 'failed fetch'],
  ])('%s is an outage', (_, error, text) => {
    expect(failureOf(error)).toMatchObject({ kind: 'outage', transient: true, text });
  });
});

describe('TLS', () => {
  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  ])('%s is an outage that does not pass', (code) => {
    const error = fetchFailed(errorWith({ code }));
    expect(failureOf(error)).toMatchObject({ kind: 'outage', family: 'tls', transient: false, text: code });
  });

  it('a record that came broken may pass', () => {
    expect(failureOf(errorWith({ code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' }))).toMatchObject({
      kind: 'outage',
      transient: true,
    });
  });

  it.each([
    ['write EPROTO 00F0:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../x.c:354:', false],
    ['write EPROTO', true],
  ])('EPROTO is an outage, and what OpenSSL said tells whether it may pass: %s', (message, transient) => {
    const error = errorWith({ code: 'EPROTO', syscall: 'write' }, message);
    expect(failureOf(error)).toMatchObject({ kind: 'outage', family: 'tls', transient });
  });

  it('a handshake that took too long is a timeout', () => {
    expect(failureOf(errorWith({ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' })).kind).toBe('timeout');
  });
});
