import { decodeRecord } from './error-decoder.js';
import { encodeThrown } from './error-encoder.js';
import type { ErrorRecord } from './record-format.js';

export { registerErrorClass } from '../error-classes.js';
export type { ErrorParts, ReviveError } from '../error-classes.js';
export type { ErrorRecord } from './record-format.js';

/**
 * Makes a record of anything thrown. It never throws: what cannot be cloned (functions, sockets) or read (a getter that
 * throws) becomes a short text in brackets, and what is too deep (64 levels), too many (10,000 values) or too long
 * (1,000,000 characters in all) is cut with a mark.
 *
 * @example
 * parentPort.postMessage({ index, error: toErrorRecord(error) });
 */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  return encodeThrown(thrown);
}

/**
 * Makes the thrown value again: errors of Switchgear and registered classes as their class, built-in ones as theirs,
 * others as the nearest built-in class with their own name, and all with message, stack, code, own fields and causes.
 * Never throws; a record that is none comes back as an Error that says so.
 */
export function fromErrorRecord(record: ErrorRecord): unknown {
  return decodeRecord(record);
}
