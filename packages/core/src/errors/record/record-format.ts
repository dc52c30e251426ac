import type { BuiltInErrorName } from '../error-shape.js';

/**
 * A thrown value as data that crosses threads by structured clone, and by JSON if its own fields do.
 *
 * Plain values are written as they are. A nested error and a reference to another part of the record are an object with
 * the key `@switchgear`.
 */
export type ErrorRecord = ThrownError | ThrownValue;

export interface ThrownError {
  readonly kind: 'error';
  /** The nearest built-in class: the class of the decoded error in a thread that does not know the error's own class. */
  readonly builtIn: BuiltInErrorName;
  /** The brand of an error class of Switchgear: its code. */
  readonly brand?: string;
  readonly refusal?: true;
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** A code that is inherited or not enumerable; any other code is among the fields. */
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

/** The key of an object in a record that is more than data. */
export const RECORD_MARK = '@switchgear';

/** A nested error, a reference to a part with an id, or data that has an id or the key of a mark itself. */
export type Marked =
  | { readonly [RECORD_MARK]: 'error'; readonly error: ThrownError }
  | { readonly [RECORD_MARK]: 'ref'; readonly id: number }
  | { readonly [RECORD_MARK]: 'data'; readonly value: unknown; readonly id?: number };
