import { registerPrototype } from './error-classes.js';

// Registered symbols, not module-local ones: a guard must know errors of another copy of the package as well.
export const ERROR_BRAND: unique symbol = Symbol.for('@switchgear/error') as never;
export const REFUSAL_BRAND: unique symbol = Symbol.for('@switchgear/refusal') as never;

/**
 * The base of every error class of Switchgear. Tell them apart with their guards (`isCircuitBreakerError(error)`) or
 * their `code`: both work across realms and duplicate copies of the package, where `instanceof` does not, and across threads
 * for errors that travel as records.
 */
export abstract class SwitchgearError extends Error {
  abstract readonly code: string;

  /**
   * @param message what happened and what to do about it
   * @param options any object that may hold a `cause`
   * @param frames `false` makes a stack of the header line alone, at an eighth of a full one's cost
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

/** Stops V8 collecting frames and returns the limit to restore; undefined where that is not possible. */
export function silenceFrames(): number | undefined {
  const limit: unknown = Error.stackTraceLimit;
  if (typeof limit !== 'number') return undefined;
  try {
    Error.stackTraceLimit = 0;
    if (Error.stackTraceLimit === 0) return limit;
    Error.stackTraceLimit = limit; // a setter with a mind of its own
    return undefined;
  } catch {
    return undefined; // a frozen Error, as under --frozen-intrinsics or SES
  }
}

/** The slow way, for where frames could not be kept from being collected. */
function dropFrames(error: Error): void {
  const value = `${error.name}: ${error.message}`;
  Object.defineProperty(error, 'stack', { value, configurable: true, writable: true, enumerable: false });
}

/** The marks that every error class of the project carries on its prototype. */
export interface ErrorMarks {
  readonly name: string;
  readonly code: string;
  /** Whether it says that a policy refused to call the method, so nothing was tried. Default `false`. */
  readonly refusal?: boolean;
}

/**
 * Names and brands an error class and lets it come back as itself from other threads. Call it in a static block, so
 * that a bundler cannot drop it while keeping the class.
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
    // A literal on the prototype: `constructor.name` is whatever a minifier made of it.
    name: { ...hidden, value: marks.name },
    [ERROR_BRAND]: { ...hidden, value: marks.code },
    [REFUSAL_BRAND]: { ...hidden, value: marks.refusal === true },
  });
  registerPrototype(marks.code, errorClass.prototype);
}

/** The code a value is branded with, or undefined. Reads nothing else and never throws, even for a revoked Proxy. */
export function brandOf(value: unknown): string | undefined {
  const brand = read(value, ERROR_BRAND);
  return typeof brand === 'string' ? brand : undefined;
}

/** True for any error class of Switchgear. */
export function isSwitchgearError(error: unknown): error is SwitchgearError {
  return brandOf(error) !== undefined;
}

/** Whether a value is branded as a refusal. Reads nothing else and never throws. */
export function isRefusalMark(error: unknown): boolean {
  return read(error, REFUSAL_BRAND) === true;
}

function read(value: unknown, brand: symbol): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return (value as Record<symbol, unknown>)[brand];
  } catch {
    return undefined;
  }
}
