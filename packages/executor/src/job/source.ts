/** Where the items of a job come from. */
export interface Source {
  /** Takes up to `max` items; fewer only if there are no more. */
  take(max: number): readonly unknown[];
  /** How many items are left; undefined while that is unknown. */
  readonly left: number | undefined;
  /** Ends the source: no more items will be taken. */
  close(): void;
}

/** @throws TypeError for what is neither an array nor another iterable */
export function sourceOf(items: Iterable<unknown>): Source {
  const input: unknown = items;
  if (Array.isArray(input)) return new ArraySource(input);
  if (typeof input === 'object' && input !== null && Symbol.iterator in input) {
    return new IterableSource(input as Iterable<unknown>);
  }
  const isAsync = typeof input === 'object' && input !== null && Symbol.asyncIterator in input;
  const what = isAsync ? 'an async iterable' : input === null ? 'null' : typeof input;
  throw new TypeError(`items: expected an array or another iterable, received ${what}`);
}

/** An array. It keeps the length that it had at the beginning, even if it grows or shrinks meanwhile. */
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

  take(max: number): readonly unknown[] {
    const from = this.#next;
    this.#next = Math.min(from + max, this.#length);
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

  take(max: number): readonly unknown[] {
    const values: unknown[] = [];
    while (values.length < max && !this.#isDone) {
      const step = this.#next();
      if (step.done === true) this.#isDone = true;
      else values.push(step.value);
    }
    return values;
  }

  close(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    try {
      this.#iterator.return?.();
    } catch {
      // The reason of the job's end says more. A generator that ends its own job is running, so it cannot be closed.
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
