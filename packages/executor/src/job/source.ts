/** Where the items of a job come from. */
export interface Source {
  /** Up to so many; fewer only where there are no more. */
  take(most: number): readonly unknown[];
  /** How many are left; undefined where nobody knows. */
  readonly left: number | undefined;
  /** Nothing more will be taken. */
  close(): void;
}

/** @throws TypeError for what is neither an array nor another iterable */
export function sourceOf(items: Iterable<unknown>): Source {
  const given: unknown = items;
  if (Array.isArray(given)) return new ArraySource(given);
  if (typeof given === 'object' && given !== null && Symbol.iterator in given) {
    return new IterableSource(given as Iterable<unknown>);
  }
  const isAsync = typeof given === 'object' && given !== null && Symbol.asyncIterator in given;
  const what = isAsync ? 'an async iterable' : given === null ? 'null' : typeof given;
  throw new TypeError(`items: expected an array or another iterable, received ${what}`);
}

/** An array that may grow or shrink while it is read has the length that it had. */
class ArraySource implements Source {
  readonly #items: readonly unknown[];
  readonly #length: number;
  #next = 0;

  constructor(items: readonly unknown[]) {
    this.#items = items;
    this.#length = items.length;
  }

  get left(): number {
    return this.#length - this.#next;
  }

  take(most: number): readonly unknown[] {
    const from = this.#next;
    this.#next = Math.min(from + most, this.#length);
    return this.#items.slice(from, this.#next);
  }

  close(): void {
    this.#next = this.#length;
  }
}

class IterableSource implements Source {
  readonly #iterator: Iterator<unknown>;
  #isDone = false;

  constructor(items: Iterable<unknown>) {
    this.#iterator = items[Symbol.iterator]();
  }

  get left(): number | undefined {
    return this.#isDone ? 0 : undefined;
  }

  take(most: number): readonly unknown[] {
    const taken: unknown[] = [];
    while (taken.length < most && !this.#isDone) {
      const step = this.#next();
      if (step.done === true) this.#isDone = true;
      else taken.push(step.value);
    }
    return taken;
  }

  close(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    try {
      this.#iterator.return?.();
    } catch {
      // What the job ends for says more. A generator that ends its own job is running, and cannot be closed.
    }
  }

  #next(): IteratorResult<unknown> {
    try {
      return this.#iterator.next();
    } catch (error) {
      this.#isDone = true;
      throw error;
    }
  }
}
