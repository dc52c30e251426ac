import { decodeRecord } from './error-decoder.js';
import { encodeThrown } from './error-encoder.js';
import type { ErrorRecord } from './record-format.js';

export { registerErrorClass } from '../error-classes.js';
export type { ErrorParts, ReviveError } from '../error-classes.js';
export type { ErrorRecord } from './record-format.js';

/**
 * Makes a record of any thrown value. Never throws.
 *
 * A value that cannot be cloned (a function, a socket) or read (a getter throws) becomes a short text in brackets. The
 * record is cut, with a mark, at 64 levels, 10,000 values and 1,000,000 characters in all.
 *
 * @example
 * parentPort.postMessage({ index, error: toErrorRecord(error) });
 */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  return encodeThrown(thrown);
}

/**
 * Makes the thrown value from its record. Never throws; for a value that is no record it returns an Error that says so.
 *
 * An error of Switchgear, of a registered class or of a built-in class has its class again; any other has the nearest
 * built-in class, and its own name. All have message, stack, code, own fields and causes.
 */
export function fromErrorRecord(record: ErrorRecord): unknown {
  return decodeRecord(record);
}
