import type { BuiltInErrorName } from '../error-shape.js';

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

/** The key of an object in a record that stands for more than itself. */
export const RECORD_MARK = '@switchgear';

/** What stands for more than itself: a nested error, something met before, or data that has an id or looks like a mark. */
export type Marked =
  | { readonly [RECORD_MARK]: 'error'; readonly error: ThrownError }
  | { readonly [RECORD_MARK]: 'ref'; readonly id: number }
  | { readonly [RECORD_MARK]: 'data'; readonly value: unknown; readonly id?: number };
