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

/** Functions that have returned an Observable. */
const observed = new WeakSet();

export function givesObservables(fn: object): boolean {
  return observed.has(fn);
}

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

const generatorPrototypes: readonly unknown[] = [
  // eslint-disable-next-line @typescript-eslint/require-await -- only their prototypes matter
  async function* () {
    yield undefined;
  },
  function* () {
    yield undefined;
  },
].map((fn) => Object.getPrototypeOf(fn) as unknown);

/** Functions that stand for generators. */
const streamWrappers = new WeakSet();

/** Whether a function returns a stream, of which nothing has run when it returns. */
export function isGenerator(fn: object): boolean {
  return generatorPrototypes.includes(Object.getPrototypeOf(fn)) || streamWrappers.has(fn);
}

/** A guarded generator is no generator, and returns a stream all the same. */
export function rememberStream(wrapper: object): void {
  streamWrappers.add(wrapper);
}
