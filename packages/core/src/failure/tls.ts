import type { Clues } from './clues.js';
import { failure, type Failure } from './failure.js';

/** A certificate that is not accepted now will not be accepted a second later. Names as OpenSSL and Node give them. */
const CERTIFICATE = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CRL_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'ERR_TLS_CERT_ALTNAME_FORMAT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Two sides that cannot agree on a version or a cipher, or one that does not accept the other's certificate. */
const LASTING =
  /wrong[_ ]version|unsupported|handshake[_ ]failure|certificate|unknown[_ ]ca|alert[_ ]protocol|no[_ ]shared/i;

/** Faults of TLS: the way to the dependency is broken, and most will not mend themselves. */
export function readTls({ code, message }: Clues): Failure | undefined {
  if (typeof code !== 'string') return undefined;
  if (CERTIFICATE.has(code)) return failure('outage', 'tls', false, code);
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return failure('timeout', 'tls', true, code);
  if (code.startsWith('ERR_SSL_')) return failure('outage', 'tls', !LASTING.test(code), code);
  // What OpenSSL said is in the message then.
  if (code !== 'EPROTO') return undefined;
  return failure('outage', 'tls', !(typeof message === 'string' && LASTING.test(message)), code);
}
