import { isErrorLike } from '../errors/error-shape.js';
import { fieldOf, isObject } from '../errors/object-shape.js';
import { brandOf } from '../errors/switchgear-error.js';
import { tryRead } from '../errors/try-read.js';
import { readAbort, readTimeout } from './abort.js';
import { readAmqp } from './amqp.js';
import { readAws } from './aws.js';
import { chainOf, errorsOf, MAX_ERRORS, refusalIn } from './chain.js';
import { type Clues, cluesOf } from './clues.js';
import { FAILED_FETCH, readCode } from './code.js';
import { comeAgainOf } from './come-again.js';
import { readDriverText } from './driver-texts.js';
import { type Failure, type FailureKind, sharedFailure } from './failure.js';
import { readGoogle } from './google.js';
import { readGraphql } from './graphql.js';
import { readGrpc } from './grpc.js';
import { type Headers, headersOf } from './headers.js';
import { readHttp } from './http.js';
import { readKafka } from './kafka.js';
import { markOf } from './marks.js';
import type { Epoch } from './moment.js';
import { readMongodb } from './mongodb.js';
import { readNats } from './nats.js';
import { readOwnError, refusalFailure } from './own-errors.js';
import { readRedis } from './redis.js';
import { readSmtp } from './smtp.js';
import { readSql } from './sql.js';
import { readSystem } from './system.js';

const NO_HEADERS: Headers = Object.freeze([]);

const UNKNOWN = sharedFailure('unknown', 'none', true, 'unknown error');
const UNKNOWN_LASTING = sharedFailure('unknown', 'marks', false, 'marked as not retryable');

/**
 * Reads what an error says happened. Circuit, retry, executor and HTTP replies all use this one reading.
 *
 * It is read by its shape, never by `instanceof`, in this order:
 *
 * 1. a refusal of ours, however deep among the causes, or as all of the errors of an AggregateError
 * 2. the error itself: our own errors, Redis, aborts, gRPC, SMTP, SQL, MongoDB, NATS, AMQP, Kafka, GraphQL, AWS, Google, HTTP,
 *    system errors and TLS, timeouts by name, faults of code, texts of drivers; the first one that is certain counts
 * 3. of an AggregateError its errors: the worst of them gives the kind, and it is transient if one of them is
 * 4. its cause, and so on. A fault of code that has a cause is read by that alone, for `fetch` rejects so
 *
 * Whatever says when to come again, or that its quota is used up, is `overload`. A mark such as `retryable: false`
 * overrules `transient`, the outermost one first.
 *
 * Never throws, whatever it is asked about.
 *
 * @param epoch the wall clock in epoch ms, asked only for errors that name a date; without it those have no `retryAfter`
 * @example
 * const { kind, status } = failureOf(error);
 * if (kind === 'overload') metrics.throttled.add(1, { status });
 */
export function failureOf(error: unknown, epoch?: Epoch): Failure {
  if (!isObject(error)) return UNKNOWN;
  try {
    const chain = chainOf(error);
    const refusal = refusalIn(chain);
    if (refusal !== undefined) return refusalFailure(refusal);
    return readChain(chain, 0, { epoch, left: MAX_ERRORS });
  } catch {
    return UNKNOWN;
  }
}

interface Reading {
  readonly epoch: Epoch | undefined;
  /** Errors that may still be read, so that lists of errors that hold each other come to an end. */
  left: number;
}

/** @param from where in the chain to begin */
function readChain(chain: readonly object[], from: number, reading: Reading): Failure {
  let mark: boolean | undefined;
  for (let i = from; i < chain.length && reading.left-- > 0; i++) {
    const clues = cluesOf(chain[i]);
    const headers = clues.isBare ? NO_HEADERS : headersOf(clues);
    if (!clues.isBare) mark ??= markOf(clues, headers);
    const own = withComeAgain(readError(clues) ?? readErrors(clues, reading), clues, headers, reading.epoch);
    if (own === undefined) continue;
    return withMark(i + 1 < chain.length ? orCause(own, clues, chain, i + 1, reading) : own, mark);
  }
  return mark === false ? UNKNOWN_LASTING : UNKNOWN;
}

/** The families in their order: what could be taken for something else comes first. */
function readError(clues: Clues): Failure | undefined {
  if (clues.isBare) return readAbort(clues) ?? readHttp(clues) ?? readSystem(clues) ?? readNames(clues);
  return (
    readOwnError(clues.error) ??
    readRedis(clues) ??
    readAbort(clues) ??
    readGrpc(clues) ??
    readSmtp(clues) ??
    readSql(clues) ??
    readMongodb(clues) ??
    readNats(clues) ??
    readAmqp(clues) ??
    readKafka(clues) ??
    readGraphql(clues) ??
    readAws(clues) ??
    readGoogle(clues) ??
    readHttp(clues) ??
    readSystem(clues) ??
    readNames(clues)
  );
}

function readNames(clues: Clues): Failure | undefined {
  return readTimeout(clues) ?? readCode(clues) ?? readDriverText(clues);
}

/** Of several errors the first of these gives the kind. */
const WORST: readonly FailureKind[] = [
  'overload',
  'outage',
  'timeout',
  'unknown',
  'bug',
  'denied',
  'answer',
  'abort',
  'refusal',
];

function readErrors({ error, builtIn }: Clues, reading: Reading): Failure | undefined {
  if (builtIn !== 'AggregateError' && builtIn !== 'SuppressedError') return undefined;
  const list =
    builtIn === 'AggregateError' ? errorsOf(error) : [fieldOf(error, 'error'), fieldOf(error, 'suppressed')];
  let worst: Failure | undefined;
  let transient = false;
  let retryAfter: number | undefined;
  for (const one of list ?? []) {
    if (reading.left <= 0) break;
    const found = isObject(one) ? readChain(chainOf(one), 0, reading) : UNKNOWN;
    if (worst === undefined || WORST.indexOf(found.kind) < WORST.indexOf(worst.kind)) worst = found;
    transient ||= found.transient;
    if (found.retryAfter !== undefined) retryAfter = Math.max(found.retryAfter, retryAfter ?? 0);
  }
  return worst === undefined ? undefined : { ...worst, transient, retryAfter };
}

/** Errors of these kinds are turned into `overload` by what says when to come again. */
const MAY_BE_OVERLOAD: ReadonlySet<FailureKind> = new Set([
  'answer',
  'denied',
  'overload',
  'outage',
  'unknown',
]);

function withComeAgain(
  own: Failure | undefined,
  clues: Clues,
  headers: Headers,
  epoch: Epoch | undefined,
): Failure | undefined {
  if (clues.isBare || (own !== undefined && !MAY_BE_OVERLOAD.has(own.kind))) return own;
  // Our own errors count in ms, and have been read.
  if (brandOf(clues.error) !== undefined) return own;
  const isOverload = own?.kind === 'overload';
  const again = tryRead(() => comeAgainOf(clues, headers, isOverload, epoch));
  if (again === undefined || (isOverload && again.retryAfter === undefined)) return own;
  return {
    kind: 'overload',
    family: own?.family ?? 'marks',
    status: own?.status,
    retryAfter: again.retryAfter,
    transient: isOverload ? own.transient : true,
    text: own?.text ?? 'asks to come again',
  };
}

/** Decides between an error's own reading and the reading of its cause. */
function orCause(
  own: Failure,
  clues: Clues,
  chain: readonly object[],
  at: number,
  reading: Reading,
): Failure {
  if (own.family === 'http' && !isObject(clues.response)) {
    // Without a response, the status may come from a wrapper: Octokit writes 500 for everything that `fetch` throws.
    const inner = readChain(chain, at, reading);
    if (own.status === 500 && clues.name === 'HttpError' && inner.kind !== 'unknown') return inner;
    const isBetter =
      (inner.kind === 'overload' && own.retryAfter === undefined) ||
      (own.kind === 'outage' && (inner.kind === 'abort' || inner.kind === 'timeout'));
    return isBetter ? { ...inner, status: own.status ?? inner.status } : own;
  }
  if (own !== FAILED_FETCH && !(own.kind === 'bug' && own.text === clues.builtIn)) return own;
  const inner = readChain(chain, at, reading);
  // A cause that is an error decides in any case. A cause that is another object decides only if it is recognised.
  return inner.kind === 'unknown' && (own === FAILED_FETCH || !isErrorLike(chain[at])) ? own : inner;
}

/** Marks never make a refusal, an abort or an error of ours worth another attempt. */
function withMark(found: Failure, mark: boolean | undefined): Failure {
  if (mark === undefined || mark === found.transient) return found;
  if (found.kind === 'refusal' || found.kind === 'abort' || found.family === 'switchgear') return found;
  return { ...found, transient: mark };
}
