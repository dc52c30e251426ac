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

export function rememberPromise(fn: object): void {
  if (!isAsyncFunction(fn)) promised.add(fn);
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
    return (
      error === reason || (nameOf(error) === 'AbortError' && (error as { cause?: unknown }).cause === reason)
    );
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
  return typeof error === 'object' && error !== null ? (error as { name?: unknown }).name : undefined;
}
