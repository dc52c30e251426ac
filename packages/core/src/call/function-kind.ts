/** The prototype of the async functions of this realm. */
const asyncPrototype: unknown = Object.getPrototypeOf(async () => {
  // Only its prototype matters.
});

/** Functions that are not declared async and have returned a promise. */
const returnedPromise = new WeakSet();

/** Whether a function is async or has returned a promise before, so that its callers expect errors as rejections. */
export function isAsynchronous(fn: object): boolean {
  return isAsyncFunction(fn) || returnedPromise.has(fn);
}

export function isAsyncFunction(fn: object): boolean {
  return Object.getPrototypeOf(fn) === asyncPrototype;
}

/**
 * Notes that a function returns promises: from now on it {@link isAsynchronous}.
 *
 * @returns true
 */
export function rememberPromise(fn: object): true {
  if (!isAsyncFunction(fn)) returnedPromise.add(fn);
  return true;
}

/** Whether a value has a method `then`, whatever else it is. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Functions that have returned an Observable. */
const observed = new WeakSet();

export function givesObservables(fn: object): boolean {
  return observed.has(fn);
}

/** Notes that a function returns Observables: {@link givesObservables} is true for it. */
export function rememberObservable(fn: object): void {
  observed.add(fn);
}

/** Functions that are not declared async and have returned something else than a promise. */
const plain = new WeakSet();

export function rememberPlain(fn: object): void {
  plain.add(fn);
}

/** What a function is known to return; undefined where this thread has not seen it. */
export function resultKindOf(fn: object): 'promise' | 'plain' | undefined {
  if (isAsynchronous(fn)) return 'promise';
  return plain.has(fn) ? 'plain' : undefined;
}

/** Wrappers of generator functions, which are no generator functions themselves. */
const streamWrappers = new WeakSet();

/**
 * Whether a function is a generator function, async or not, of any realm, or the wrapper of one. Such a function returns
 * a stream, and none of its code has run when it returns.
 */
export function isGenerator(fn: object): boolean {
  return (
    /^\[object (Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(fn)) ||
    streamWrappers.has(fn)
  );
}

/** Whether a function is a sync generator function, of any realm. */
export function isSyncGenerator(fn: object): boolean {
  return Object.prototype.toString.call(fn) === '[object GeneratorFunction]';
}

/** Notes that a function is the wrapper of a generator function: {@link isGenerator} is true for it. */
export function rememberStream(wrapper: object): void {
  streamWrappers.add(wrapper);
}
