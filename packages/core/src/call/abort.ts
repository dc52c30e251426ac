import { tryRead } from '../errors/try-read.js';

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

/**
 * Whether the caller has given up: one of the signals among the arguments has aborted. A signal that ran into a timeout is no
 * caller's will.
 */
export function wasAbortedByCaller(args: readonly unknown[]): boolean {
  return args.some((arg) => {
    const signal = typeof arg === 'object' && arg !== null ? signalOf(arg) : undefined;
    return signal?.aborted === true && nameOf(signal.reason) !== 'TimeoutError';
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
  return tryRead(() => (owner as Record<string, unknown>)[name]);
}
