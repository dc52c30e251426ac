import { fieldOf } from '../errors/object-shape.js';
import { type Clues, isOfClass, rareFieldOf } from './clues.js';
import { type Failure, sharedFailure } from './failure.js';

const ABORT = sharedFailure('abort', 'system', false, 'abort');
const TIMEOUT = sharedFailure('timeout', 'system', true, 'timeout');

/** `code` of aborts in Node, axios and got 11, undici, got, the AWS SDK 2, nodemailer, in this order. */
const CODES: ReadonlySet<unknown> = new Set([
  'ABORT_ERR',
  'ERR_CANCELED',
  'UND_ERR_ABORTED',
  'ERR_ABORTED',
  'RequestAbortedError',
  'EABORT',
]);

/** `name` of aborts in axios and got 11. The names in all other clients end in AbortError. */
const NAMES: ReadonlySet<unknown> = new Set(['CanceledError', 'CancelError']);

/**
 * Recognises aborts, which each client words differently. An abort whose reason is a TimeoutError is read as a timeout: the
 * dependency took too long, and the caller did not want to stop.
 *
 * A status on an abort is ignored: Octokit writes 500 onto aborts.
 */
export function readAbort(clues: Clues): Failure | undefined {
  if (!isAbort(clues)) return undefined;
  const { cause, error } = clues;
  const isTimeout =
    isNamedTimeout(cause) ||
    isNamedTimeout(rareFieldOf(clues, 'reason')) ||
    // axios keeps the signal that it was given.
    isNamedTimeout(fieldOf(fieldOf(fieldOf(error, 'config'), 'signal'), 'reason'));
  return isTimeout ? TIMEOUT : ABORT;
}

function isAbort(clues: Clues): boolean {
  const { name, code, type, message } = clues;
  if (NAMES.has(name) || CODES.has(code) || isNamed(clues, isAbortName)) return true;
  // node-fetch.
  if (type === 'aborted') return true;
  // superagent, and what it says of a request that was aborted before it began.
  if (code === 'ABORTED' && message === 'Aborted') return true;
  if (message === 'The request has been aborted even before .end() was called') return true;
  // axios. In its oldest versions this is a plain object, not an error.
  return rareFieldOf(clues, '__CANCEL__') === true;
}

/** Digits are allowed at the end: bundlers rename a class to `AbortError2` when two have the same name. */
const isAbortName = (name: string) => /AbortError\d*$/.test(name);
const isTimeoutName = (name: string) => /TimeoutError\d*$/.test(name);

/**
 * Looks at the error's `name` and at the names of its classes. OpenAI leaves `name` at 'Error', so only the class tells; an
 * error that came from another thread has lost its class, so only `name` tells.
 */
function isNamed(clues: Clues, fits: (name: string) => boolean): boolean {
  const { name } = clues;
  return (typeof name === 'string' && name !== 'Error' && fits(name)) || isOfClass(clues, fits);
}

/** `type` of timeouts in node-fetch 2, which has no code for them. */
const TYPES: ReadonlySet<unknown> = new Set(['request-timeout', 'body-timeout']);

/** Recognises timeouts without a system code, by the name of the error or of its class. */
export function readTimeout(clues: Clues): Failure | undefined {
  return TYPES.has(clues.type) || isNamed(clues, isTimeoutName) ? TIMEOUT : undefined;
}

function isNamedTimeout(reason: unknown): boolean {
  return fieldOf(reason, 'name') === 'TimeoutError';
}
