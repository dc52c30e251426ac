import { registerPrototype } from './error-classes.js';
import { isObject } from './object-shape.js';

// Registered symbols: guards recognize errors of another copy of the package as well.
export const ERROR_BRAND: unique symbol = Symbol.for('@switchgear/error') as never;
export const REFUSAL_BRAND: unique symbol = Symbol.for('@switchgear/refusal') as never;

/**
 * The base of every error class of Switchgear.
 *
 * Distinguish them by their guards (`isCircuitBreakerError(error)`) or their `code`. Both work across realms and copies
 * of the package, where `instanceof` does not, and across threads for errors that travel as records.
 */
export abstract class SwitchgearError extends Error {
  abstract readonly code: string;

  /**
   * @param message what happened and what to do about it
   * @param options any object that may hold a `cause`
   * @param frames `false` makes a stack of the header line alone, at an eighth of the cost of a full stack
   */
  constructor(message: string, options?: { readonly cause?: unknown }, frames = true) {
    // An undefined cause must not become an own property: consoles would print `[cause]: undefined`.
    const native = options?.cause === undefined ? undefined : options;
    if (frames) {
      super(message, native);
      return;
    }
    const limit = silenceFrames();
    try {
      super(message, native);
    } finally {
      if (limit !== undefined) Error.stackTraceLimit = limit;
    }
    if (limit === undefined) dropFrames(this);
  }
}

/** Stops V8 from collecting frames, and returns the limit to restore; undefined where V8 cannot be stopped. */
export function silenceFrames(): number | undefined {
  const limit: unknown = Error.stackTraceLimit;
  if (typeof limit !== 'number') return undefined;
  try {
    Error.stackTraceLimit = 0;
    if (Error.stackTraceLimit === 0) return limit;
    Error.stackTraceLimit = limit; // an accessor that does not keep what is assigned
    return undefined;
  } catch {
    return undefined; // a frozen Error, as under --frozen-intrinsics or SES
  }
}

/** Removes the frames from a stack that has been collected. Slower than {@link silenceFrames}. */
function dropFrames(error: Error): void {
  const value = `${error.name}: ${error.message}`;
  Object.defineProperty(error, 'stack', { value, configurable: true, writable: true, enumerable: false });
}

/** The marks that every error class of the project carries on its prototype. */
export interface ErrorMarks {
  readonly name: string;
  readonly code: string;
  /** Whether the error is a refusal: a policy did not call the function. Default `false`. */
  readonly refusal?: boolean;
}

/**
 * Gives an error class its name and brand, and lets its errors come back from other threads with their class. Call it in
 * a static block, so that a bundler keeps the call wherever it keeps the class.
 *
 * @example
 * class ExecutorClosedError extends SwitchgearError {
 *   static { markError(this, { name: 'ExecutorClosedError', code: 'ERR_EXECUTOR_CLOSED' }); }
 *   readonly code = 'ERR_EXECUTOR_CLOSED';
 * }
 */
export function markError(errorClass: { readonly prototype: Error }, marks: ErrorMarks): void {
  const hidden = { enumerable: false, configurable: true, writable: true };
  Object.defineProperties(errorClass.prototype, {
    // A literal on the prototype: minifiers change `constructor.name`.
    name: { ...hidden, value: marks.name },
    [ERROR_BRAND]: { ...hidden, value: marks.code },
    [REFUSAL_BRAND]: { ...hidden, value: marks.refusal === true },
  });
  registerPrototype(marks.code, errorClass.prototype);
}

/** The code a value is branded with, or undefined. Reads no other property. Never throws, even for a revoked Proxy. */
export function brandOf(value: unknown): string | undefined {
  const brand = read(value, ERROR_BRAND);
  return typeof brand === 'string' ? brand : undefined;
}

/** True for any error class of Switchgear. */
export function isSwitchgearError(error: unknown): error is SwitchgearError {
  return brandOf(error) !== undefined;
}

/** Whether a value is branded as a refusal. Reads no other property. Never throws. */
export function isRefusalMark(error: unknown): boolean {
  return read(error, REFUSAL_BRAND) === true;
}

function read(value: unknown, brand: symbol): unknown {
  if (!isObject(value)) return undefined;
  try {
    return (value as Record<symbol, unknown>)[brand];
  } catch {
    return undefined;
  }
}
