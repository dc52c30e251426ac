import { attempt } from '../errors/attempt.js';

/** Async functions inherit from here, in this realm. */
const asyncPrototype: unknown = Object.getPrototypeOf(async () => {
  // Only its prototype matters.
});

/** Functions that are not declared async and have returned a promise. */
const promised = new WeakSet();

/** Whether a function is async, or has returned a promise before: then what goes wrong in it rejects. */
export function isAsynchronous(fn: object): boolean {
  return isAsyncFunction(fn) || promised.has(fn);
}

export function isAsyncFunction(fn: object): boolean {
  return Object.getPrototypeOf(fn) === asyncPrototype;
}

/** @returns true: from now on the function is known */
export function rememberPromise(fn: object): true {
  if (!isAsyncFunction(fn)) promised.add(fn);
  return true;
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Any thenable as a promise, and the function remembered for having returned one. */
export function adopt(fn: object, thenable: PromiseLike<unknown>): Promise<unknown> {
  rememberPromise(fn);
  return Promise.resolve(thenable);
}

const resolved = Promise.resolve();

/**
 * A promise that rejects a moment later, when the caller has had time to await it: one that is rejected before costs
 * Node's bookkeeping of unhandled rejections, twice as much as all the rest. One that nobody awaits is reported as ever.
 */
export function rejectSoon(error: unknown): Promise<never> {
  return new Promise((_, reject) => {
    void resolved.then(() => reject(error as Error));
  });
}

/** Whether an argument is an AbortSignal, or has one as its `signal`. */
export function isSignalCarrier(arg: unknown): boolean {
  return typeof arg === 'object' && arg !== null && signalOf(arg) !== undefined;
}

/**
 * Whether the caller gave up: the error is the reason of a signal it handed in, or Node's AbortError with that reason as
 * its cause. A signal that ran into a timeout is no caller's will.
 */
export function isOwnAbort(error: unknown, args: readonly unknown[]): boolean {
  return args.some((arg) => {
    const signal = typeof arg === 'object' && arg !== null ? signalOf(arg) : undefined;
    if (signal?.aborted !== true) return false;
    const { reason } = signal as { reason: unknown };
    if (nameOf(reason) === 'TimeoutError') return false;
    return error === reason || (nameOf(error) === 'AbortError' && fieldOf(error, 'cause') === reason);
  });
}

function signalOf(arg: object): AbortSignal | undefined {
  if (arg instanceof AbortSignal) return arg;
  try {
    const { signal } = arg as { signal?: unknown };
    return signal instanceof AbortSignal ? signal : undefined;
  } catch {
    // A getter that throws is between the caller and the function; it is not ours to trip over.
    return undefined;
  }
}

function nameOf(error: unknown): unknown {
  return fieldOf(error, 'name');
}

/** A field of what may be anything, and may throw when it is looked at. */
function fieldOf(owner: unknown, name: string): unknown {
  if (typeof owner !== 'object' || owner === null) return undefined;
  return attempt(() => (owner as Record<string, unknown>)[name]);
}
