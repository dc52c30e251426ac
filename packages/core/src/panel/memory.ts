/** A 64-bit value as two signed 32-bit halves. */
export interface Wide {
  readonly low: number;
  readonly high: number;
}

/** Numbers by their index: a `Float64Array`, or what stands for one. */
export type Doubles = Record<number, number>;

/**
 * All operations on the memory of a panel. A position is the number of a 32-bit cell; that of a wide cell is even.
 *
 * Production code runs on {@link SharedMemory}. The explorer of schedules runs the same code on memory that can stop a
 * thread before any of these operations.
 */
export interface Memory {
  /** The same memory as 64-bit numbers, by half their position: plain reads and writes of cells that only one thread writes. */
  readonly doubles: Doubles;
  /** A plain read: the cheapest operation. It may return a value that another thread replaced some nanoseconds ago. */
  peek(at: number): number;
  load(at: number): number;
  store(at: number, value: number): void;
  /** Adds, wrapping at 32 bits, and returns the value from before. */
  add(at: number, amount: number): number;
  /** Replaces `expected` by `replacement`. False, without a change, if the cell had another value. */
  compareAndSet(at: number, expected: number, replacement: number): boolean;
  loadWide(at: number): Wide;
  storeWide(at: number, low: number, high: number): void;
  compareAndSetWide(at: number, expected: Wide, low: number, high: number): boolean;
  /** Wakes the threads that wait asynchronously for a change at `at`. */
  wake(at: number): void;
}

/**
 * Memory over a (shared) buffer.
 *
 * Other threads change a 64-bit cell as a whole, and this thread may read half of it. That depends on three facts:
 *
 * - The cell is aligned: the layout sees to it.
 * - The machine is little-endian: the constructor checks it.
 * - Aligned 64-bit accesses are not torn. That holds on every platform on which V8 has lock-free 64-bit atomics, which
 *   the constructor checks.
 */
export class SharedMemory implements Memory {
  readonly cells: Int32Array;
  readonly #wides: BigInt64Array;
  readonly doubles: Float64Array;
  // Two views of 64 scratch bits: they convert between halves and a bigint without shifts and without allocation.
  readonly #halves: Int32Array;
  readonly #whole: BigInt64Array;

  constructor(buffer: ArrayBufferLike) {
    if (!Atomics.isLockFree(8))
      throw new Error('circuits need lock-free 64-bit atomics, which this platform lacks');
    this.cells = new Int32Array(buffer);
    this.#wides = new BigInt64Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.#whole = new BigInt64Array(1);
    this.#halves = new Int32Array(this.#whole.buffer);
    this.#halves[0] = 1;
    if (this.#whole[0] !== 1n) throw new Error('circuits need a little-endian machine');
  }

  peek(at: number): number {
    return this.cells[at];
  }

  load(at: number): number {
    return Atomics.load(this.cells, at);
  }

  store(at: number, value: number): void {
    Atomics.store(this.cells, at, value);
  }

  add(at: number, amount: number): number {
    return Atomics.add(this.cells, at, amount);
  }

  compareAndSet(at: number, expected: number, replacement: number): boolean {
    return Atomics.compareExchange(this.cells, at, expected, replacement) === expected;
  }

  loadWide(at: number): Wide {
    this.#whole[0] = Atomics.load(this.#wides, at >> 1);
    return { low: this.#halves[0], high: this.#halves[1] };
  }

  storeWide(at: number, low: number, high: number): void {
    Atomics.store(this.#wides, at >> 1, this.#pack(low, high));
  }

  compareAndSetWide(at: number, expected: Wide, low: number, high: number): boolean {
    const from = this.#pack(expected.low, expected.high);
    return Atomics.compareExchange(this.#wides, at >> 1, from, this.#pack(low, high)) === from;
  }

  wake(at: number): void {
    Atomics.notify(this.cells, at);
  }

  #pack(low: number, high: number): bigint {
    this.#halves[0] = low;
    this.#halves[1] = high;
    return this.#whole[0];
  }
}
