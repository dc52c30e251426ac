import { decodeRecord } from './error-decoder.js';
import { encodeThrown } from './error-encoder.js';
import type { BuiltInErrorName } from './error-shape.js';

export { registerErrorClass } from './error-classes.js';
export type { ErrorParts, ReviveError } from './error-classes.js';

/**
 * A thrown value as data that crosses threads by structured clone, and JSON too where its own fields would. Plain
 * values stand as they are; what is more than data (a nested error, a cycle) is an object with the key `@switchgear`.
 */
export type ErrorRecord = ThrownError | ThrownValue;

export interface ThrownError {
  readonly kind: 'error';
  /** The nearest built-in class, which the error comes back as where its own is not known. */
  readonly builtIn: BuiltInErrorName;
  /** The brand of an error class of Switchgear: its code. */
  readonly brand?: string;
  readonly refusal?: true;
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** A code that is inherited, or not enumerable; others are among the fields. */
  readonly code?: string | number;
  /** Own enumerable fields. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Own fields that built-in classes hide: `cause`, `errors`, `error`, `suppressed`. */
  readonly hidden?: Readonly<Record<string, unknown>>;
  /** Present where another part of the record refers to this error. */
  readonly id?: number;
}

interface ThrownValue {
  readonly kind: 'value';
  readonly value: unknown;
}

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
