import { fieldOf } from '../errors/object-shape.js';
import { type Clues, isOfClass } from './clues.js';
import { failure, type Failure, type FailureKind } from './failure.js';

/** Reply codes; some look like statuses of HTTP and mean something else. Source: AMQP 0-9-1, 1.2. */
const CODES: ReadonlyMap<number, readonly [name: string, kind: FailureKind, transient: boolean]> = new Map([
  [311, ['CONTENT-TOO-LARGE', 'answer', false]],
  [312, ['NO-ROUTE', 'answer', false]],
  [313, ['NO-CONSUMERS', 'answer', true]],
  [320, ['CONNECTION-FORCED', 'outage', true]],
  [402, ['INVALID-PATH', 'denied', false]], // no such virtual host
  [403, ['ACCESS-REFUSED', 'denied', false]],
  [404, ['NOT-FOUND', 'answer', false]],
  [405, ['RESOURCE-LOCKED', 'answer', false]],
  [406, ['PRECONDITION-FAILED', 'answer', false]],
  [501, ['FRAME-ERROR', 'outage', true]],
  [502, ['SYNTAX-ERROR', 'answer', false]],
  [503, ['COMMAND-INVALID', 'answer', false]],
  [504, ['CHANNEL-ERROR', 'outage', true]],
  [505, ['UNEXPECTED-FRAME', 'outage', true]],
  [506, ['RESOURCE-ERROR', 'overload', true]],
  [530, ['NOT-ALLOWED', 'denied', false]],
  [540, ['NOT-IMPLEMENTED', 'answer', false]],
  [541, ['INTERNAL-ERROR', 'outage', true]],
]);

/** What amqplib throws at the use of a channel or a connection that is gone. */
const isIllegalOperation = (name: string) => name === 'IllegalOperationError';
const GONE: ReadonlySet<unknown> = new Set([
  'Channel closed',
  'Channel closing',
  'Connection closed',
  'Connection closing',
]);

/** Errors of amqplib: a reply code in `code`, beside the class and the method that it answers. */
export function readAmqp(clues: Clues): Failure | undefined {
  const { code, error, message } = clues;
  if (GONE.has(message) && isOfClass(clues, isIllegalOperation)) {
    return failure('outage', 'amqp', true, 'AMQP connection lost');
  }
  const isReply = typeof code === 'number' && typeof fieldOf(error, 'methodId') === 'number';
  return isReply ? amqpFailure(code) : undefined;
}

/** Undefined for a number that is no reply code. */
function amqpFailure(code: number): Failure | undefined {
  const meaning = CODES.get(code);
  if (meaning === undefined) return undefined;
  const [name, kind, transient] = meaning;
  return failure(kind, 'amqp', transient, `AMQP ${code} ${name}`);
}

const HANDSHAKE = /^Handshake terminated by server: (\d{3}) \(/;

/** What amqplib says of a handshake that the server ended: the code is in the text alone. */
export function readAmqpHandshake(message: string): Failure | undefined {
  const code = HANDSHAKE.exec(message)?.[1];
  return code === undefined ? undefined : amqpFailure(Number(code));
}
