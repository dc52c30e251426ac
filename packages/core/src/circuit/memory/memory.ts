/** A 64-bit value as two signed 32-bit halves. */
export interface Wide {
  readonly low: number;
  readonly high: number;
}

/** Numbers by their index: a `Float64Array`, or what stands for one. */
export type Doubles = Record<number, number>;

/**
 * Every operation that touches the memory circuits live in. Positions count 32-bit cells; a wide position is even.
 *
 * Production code runs on {@link SharedMemory}; the interleaving explorer runs the same code on a memory that can stop
 * a thread before any of these operations.
 */
export interface Memory {
  /** The same memory as 64-bit numbers, by half their position: plain reads and writes of what no other thread writes to. */
  readonly doubles: Doubles;
  /** A plain read: as cheap as memory gets, and may be a few nanoseconds behind another thread. */
  peek(at: number): number;
  load(at: number): number;
  store(at: number, value: number): void;
  /** Adds and returns the value from before, wrapping at 32 bits. */
  add(at: number, amount: number): number;
  /** Replaces `expected` by `replacement`; false if another value stood there, which is left alone. */
  compareAndSet(at: number, expected: number, replacement: number): boolean;
  loadWide(at: number): Wide;
  storeWide(at: number, low: number, high: number): void;
  compareAndSetWide(at: number, expected: Wide, low: number, high: number): boolean;
  /** Wakes every thread that waits asynchronously for a change at `at`. */
  wake(at: number): void;
}

/**
 * Memory over a (shared) buffer.
 *
 * Reading half of a 64-bit cell that other threads change as a whole rests on three facts: the cell is aligned, the
 * machine is little-endian, and aligned 64-bit accesses are not torn. The first is checked by the layout, the second
 * here; the third holds on every platform V8 supports with lock-free 64-bit atomics, which is checked here too.
 */
export class SharedMemory implements Memory {
  readonly cells: Int32Array;
  readonly #wides: BigInt64Array;
  readonly doubles: Float64Array;
  // 64-bit values are packed and unpacked through a scratch pair: no shifting of bigints, nothing allocated.
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
