import type { Doubles, Memory, Wide } from '../panel/memory.js';

/** One operation on memory that has not been done yet: it changes the cells, and returns the answer for the thread. */
export type Operation = (cells: Map<number, number>) => unknown;

/** Receives each operation of a simulated thread, and decides when it is done. */
export type Port = (operation: Operation) => unknown;

/**
 * Memory that passes each operation through a port, so that a thread can be stopped before any of them.
 *
 * Cells that were never written are zero, as in a fresh buffer. A plain read is an operation like the others: it returns
 * the value of the cell at the moment when it is done.
 */
export class SimulatedMemory implements Memory {
  readonly #port: Port;

  readonly doubles: Doubles = new Proxy<Doubles>(
    {},
    {
      get: (_, index) => {
        const { low, high } = this.loadWide(Number(index) * 2);
        return doubleOf(low, high);
      },
      set: (_, index, value: number) => {
        const [low, high] = halvesOf(value);
        this.storeWide(Number(index) * 2, low, high);
        return true;
      },
    },
  );

  constructor(port: Port) {
    this.#port = port;
  }

  peek(at: number): number {
    return this.load(at);
  }

  load(at: number): number {
    return this.#port((cells) => read(cells, at)) as number;
  }

  store(at: number, value: number): void {
    this.#port((cells) => write(cells, at, value));
  }

  add(at: number, amount: number): number {
    return this.#port((cells) => {
      const before = read(cells, at);
      write(cells, at, before + amount);
      return before;
    }) as number;
  }

  compareAndSet(at: number, expected: number, replacement: number): boolean {
    return this.#port((cells) => {
      if (read(cells, at) !== (expected | 0)) return false;
      write(cells, at, replacement);
      return true;
    }) as boolean;
  }

  loadWide(at: number): Wide {
    return this.#port((cells) => ({ low: read(cells, aligned(at)), high: read(cells, at + 1) })) as Wide;
  }

  storeWide(at: number, low: number, high: number): void {
    this.#port((cells) => {
      write(cells, aligned(at), low);
      write(cells, at + 1, high);
    });
  }

  compareAndSetWide(at: number, expected: Wide, low: number, high: number): boolean {
    return this.#port((cells) => {
      if (read(cells, aligned(at)) !== (expected.low | 0) || read(cells, at + 1) !== (expected.high | 0))
        return false;
      write(cells, at, low);
      write(cells, at + 1, high);
      return true;
    }) as boolean;
  }

  wake(at: number): void {
    this.#port((cells) => read(cells, at));
  }
}

function read(cells: ReadonlyMap<number, number>, at: number): number {
  return cells.get(at) ?? 0;
}

function write(cells: Map<number, number>, at: number, value: number): void {
  if ((value | 0) === 0) cells.delete(at);
  else cells.set(at, value | 0);
}

const doubles = new Float64Array(1);
const halves = new Int32Array(doubles.buffer);

function doubleOf(low: number, high: number): number {
  halves.set([low, high]);
  return doubles[0];
}

function halvesOf(double: number): readonly [number, number] {
  doubles[0] = double;
  return [halves[0], halves[1]];
}

function aligned(at: number): number {
  if (at % 2 !== 0) throw new RangeError(`a wide cell begins at an even position, not at ${at}`);
  return at;
}
