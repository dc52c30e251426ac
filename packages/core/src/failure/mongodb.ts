import { fieldOf } from '../errors/object-shape.js';
import { tryRead } from '../errors/try-read.js';
import { type Clues } from './clues.js';
import { failure, type Failure } from './failure.js';

/** Source: mongodb/src/mongo/base/error_codes.yml */
const ANSWERS: ReadonlySet<number> = new Set([
  2, 9, 14, 20, 26, 27, 40, 48, 52, 56, 59, 61, 66, 72, 73, 85, 86, 121, 10334, 11000, 11001, 12582, 17280,
]);
const DENIED: ReadonlySet<number> = new Set([13, 18, 31, 33, 8000]);
const CONTENTION: ReadonlySet<number> = new Set([24, 46, 112, 117, 225, 246, 251]);
const TIMEOUTS: ReadonlySet<number> = new Set([50, 202, 262]);
/** What the drivers take for a server that is down, or is no longer the primary. */
const OUTAGES: ReadonlySet<number> = new Set([
  6, 7, 63, 64, 89, 91, 133, 134, 189, 234, 317, 9001, 10058, 10107, 11600, 11602, 13388, 13435, 13436,
]);

const RETRYABLE_LABELS = ['RetryableWriteError', 'TransientTransactionError', 'RetryableError'];

/** Errors of the MongoDB driver and of Mongoose: a name that begins with `Mongo`, and a number in `code`. */
export function readMongodb(clues: Clues): Failure | undefined {
  const { name, code, error } = clues;
  if (typeof name !== 'string' || !name.startsWith('Mongo')) return undefined;
  if (name.includes('Timeout')) return failure('timeout', 'mongodb', true, name);
  if (/^Mongo(oseServerSelection|ServerSelection|Network|NotConnected|StalePrimary)/.test(name)) {
    return failure('outage', 'mongodb', true, name);
  }
  if (typeof code !== 'number') return undefined;
  const text = `MongoDB ${code}`;
  if (CONTENTION.has(code)) return failure('answer', 'mongodb', true, text);
  const isRetryable = isLabelled(error, RETRYABLE_LABELS);
  if (ANSWERS.has(code)) return failure('answer', 'mongodb', isRetryable, text);
  if (DENIED.has(code)) return failure('denied', 'mongodb', isRetryable, text);
  if (TIMEOUTS.has(code)) return failure('timeout', 'mongodb', true, text);
  if (isLabelled(error, ['SystemOverloadedError'])) return failure('overload', 'mongodb', true, text);
  return OUTAGES.has(code) || isRetryable ? failure('outage', 'mongodb', true, text) : undefined;
}

function isLabelled(error: object, labels: readonly string[]): boolean {
  const own = fieldOf(error, 'errorLabels');
  return tryRead(() => Array.isArray(own) && labels.some((label) => own.includes(label))) ?? false;
}
