/**
 * Breakers written by hand, with the least code for the job in memory that threads share. No library can be much faster.
 * They do not open, and they do not check their arguments.
 */
const CLOSED = 2;

/** Two reads of memory and two handlers that are bound once. */
export function floorBreaker(): <A extends unknown[]>(
  fn: (...args: A) => Promise<number>,
) => (...args: A) => Promise<number> {
  const cells = new Int32Array(new SharedArrayBuffer(64));
  cells[0] = CLOSED;
  const { onValue, onError } = handlersOf(cells);
  return (fn) =>
    (...args) => {
      if (cells[0] !== CLOSED) throw new Error('open');
      return fn(...args).then(onValue, onError);
    };
}

/** The same for a function that is not asynchronous. */
export function floorSyncBreaker(): <A extends unknown[]>(
  fn: (...args: A) => number,
) => (...args: A) => number {
  const cells = new Int32Array(new SharedArrayBuffer(64));
  cells[0] = CLOSED;
  const { onValue, onError } = handlersOf(cells);
  return (fn) =>
    (...args) => {
      if (cells[0] !== CLOSED) throw new Error('open');
      let result;
      try {
        result = fn(...args);
      } catch (error) {
        return onError(error);
      }
      return onValue(result);
    };
}

/** A sequence number and a slot of a ring, both atomic. */
export function floorCountBreaker(calls: number): (fn: () => Promise<number>) => Promise<number> {
  const cells = new Int32Array(new SharedArrayBuffer(64 + calls * 4));
  cells[0] = CLOSED;
  const { onValue, onError } = handlersOf(cells);
  const onCounted = (value: number): number => {
    const at = Atomics.add(cells, 2, 1) % calls;
    Atomics.compareExchange(cells, 16 + at, cells[16 + at], at);
    return onValue(value);
  };
  return (fn) => {
    if (cells[0] !== CLOSED) throw new Error('open');
    return fn().then(onCounted, onError);
  };
}

/** Two readings of a clock that is the same in all threads, and one atomic 64-bit count. */
export function floorTimeBreaker(slow: number): (fn: () => Promise<number>) => Promise<number> {
  const memory = new SharedArrayBuffer(64);
  const cells = new Int32Array(memory);
  const counts = new BigInt64Array(memory);
  cells[0] = CLOSED;
  const { onValue, onError } = handlersOf(cells);
  return (fn) => {
    if (cells[0] !== CLOSED) throw new Error('open');
    const start = now();
    return fn().then((value) => {
      Atomics.add(counts, now() - start > slow ? 3 : 2, 1n);
      return onValue(value);
    }, onError);
  };
}

export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

function handlersOf(cells: Int32Array): {
  readonly onValue: (value: number) => number;
  readonly onError: (error: unknown) => never;
} {
  return {
    onValue: (value) => {
      if (cells[0] === CLOSED && cells[1] !== 0) cells[1] = 0;
      return value;
    },
    onError: (error) => {
      if (cells[0] === CLOSED) Atomics.add(cells, 1, 1);
      throw error;
    },
  };
}
