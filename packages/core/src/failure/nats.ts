import { type Clues } from './clues.js';
import { failure, type Failure } from './failure.js';
import { asStatus, httpFailure } from './http.js';

const DENIED: ReadonlySet<string> = new Set([
  'ACCOUNT_EXPIRED',
  'AUTHENTICATION_EXPIRED',
  'AUTHORIZATION_VIOLATION',
  'BAD_AUTHENTICATION',
  'BAD_CREDS',
  'PERMISSIONS_VIOLATION',
]);
const TIMEOUTS: ReadonlySet<string> = new Set([
  'AUTHENTICATION_TIMEOUT',
  'CONNECTION_TIMEOUT',
  'IDLE_HEARTBEAT',
  'TIMEOUT',
]);
const OUTAGES: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DRAINING',
  'CONNECTION_REFUSED',
  'DISCONNECT',
  'NATS_PROTOCOL_ERR',
]);
const FULL = /maximum (account active )?(connections|subscriptions) exceeded/i;

/**
 * Errors of nats.js: a word in `code`, or one of the statuses that NATS and JetStream borrow from HTTP. 503 is a subject
 * without responders: the service that answers there does not run.
 */
export function readNats({ name, code, message }: Clues): Failure | undefined {
  if (name !== 'NatsError' || typeof code !== 'string') return undefined;
  const status = asStatus(code);
  const text = `NATS ${code}`;
  if (status !== undefined) {
    const { kind, transient } = httpFailure(status);
    return failure(kind, 'nats', transient, text);
  }
  if (DENIED.has(code)) return failure('denied', 'nats', false, text);
  if (TIMEOUTS.has(code)) return failure('timeout', 'nats', true, text);
  if (typeof message === 'string' && FULL.test(message)) return failure('overload', 'nats', true, text);
  if (code === 'CANCELLED') return failure('abort', 'nats', false, text);
  if (code === 'MAX_PAYLOAD_EXCEEDED') return failure('answer', 'nats', false, text);
  return OUTAGES.has(code) ? failure('outage', 'nats', true, text) : undefined;
}
