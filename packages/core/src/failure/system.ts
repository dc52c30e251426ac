import { fieldOf } from '../errors/object-shape.js';
import { type Clues } from './clues.js';
import { type Failure, type FailureKind, sharedFailure } from './failure.js';
import { readTls } from './tls.js';

/** The network, the resolver, and HTTP/1 and HTTP/2 below any status. */
const OUTAGES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ENODATA',
  'ESERVFAIL',
  'EREFUSED',
  'ENETDOWN',
  'ENETUNREACH',
  'ENETRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'ENOTCONN',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_INFO',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  'ERR_NETWORK',
  // axios, for an answer that broke off; one that has a status is read by that.
  'ERR_BAD_RESPONSE',
  'ERR_SOCKET_CLOSED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_STREAM_CANCEL',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_INVALID_SESSION',
  // nodemailer, which writes its own code over the system's.
  'ESOCKET',
  'ECONNECTION',
  'EDNS',
  'EPROTOCOL',
  'ETLS',
  // got, for a body that is not what the answer says it is.
  'ERR_BODY_PARSE_FAILURE',
];

const TIMEOUTS = [
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ETIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
];

/** This machine is short of something for a moment. */
const PASSING = ['EAGAIN', 'EBUSY', 'EINTR', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'ETXTBSY'];

/** What the file system, the kernel or a loop of redirects will say again. */
const LASTING = [
  'EACCES',
  'EBADF',
  'EEXIST',
  'EFAULT',
  'EFBIG',
  'EINVAL',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOSYS',
  'ENOTDIR',
  'ENOTEMPTY',
  'ENOTSUP',
  'EPERM',
  'EROFS',
  'ESRCH',
  'EXDEV',
  'ERR_TOO_MANY_REDIRECTS',
  'ERR_FR_TOO_MANY_REDIRECTS',
  'ERR_FR_MAX_BODY_LENGTH_EXCEEDED',
];

const READINGS: ReadonlyMap<unknown, Failure> = new Map([
  ...readingsOf(OUTAGES, 'outage', true),
  ...readingsOf(TIMEOUTS, 'timeout', true),
  ...readingsOf(PASSING, 'unknown', true),
  ...readingsOf(LASTING, 'unknown', false),
]);

/** A local socket that is not there is a server that does not run. */
const NO_SOCKET = sharedFailure('outage', 'system', true, 'ENOENT');
/** What Node's and undici's parsers say of bytes that are no HTTP. Undici's has a code only for some of its reasons. */
const PARSER = sharedFailure('outage', 'system', true, 'HTTP parser');

function readingsOf(codes: readonly string[], kind: FailureKind, transient: boolean): [string, Failure][] {
  return codes.map((code) => [code, sharedFailure(kind, 'system', transient, code)]);
}

/** System errors of Node and undici, and those of clients that hand their codes on. */
export function readSystem(clues: Clues): Failure | undefined {
  const { code, error } = clues;
  if (typeof code !== 'string') return clues.name === 'HTTPParserError' ? PARSER : undefined;
  const reading = READINGS.get(code);
  if (reading === undefined) return code.startsWith('HPE_') ? PARSER : readTls(clues);
  if (code === 'ENOENT' && fieldOf(error, 'syscall') === 'connect') return NO_SOCKET;
  // axios and superagent write ECONNABORTED where their own timeout ran out.
  if (code === 'ECONNABORTED' && isTimeoutText(clues.message)) return READINGS.get('ETIMEDOUT');
  return reading;
}

function isTimeoutText(message: unknown): boolean {
  return typeof message === 'string' && /^timeout of /i.test(message);
}
