/** One call that waits. */
export interface Waiter {
  before: Waiter | undefined;
  after: Waiter | undefined;
  isWaiting: boolean;
  /** Its turn has come. */
  admit(): void;
  fail(error: unknown): void;
}

/** Calls in the order in which they came. Each leaves at the same cost, wherever it stands. */
export class WaitQueue<Of extends Waiter> {
  #first: Of | undefined;
  #last: Of | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Of | undefined {
    return this.#first;
  }

  /** In their order. One that is removed meanwhile is still given, and so are those after it. */
  *[Symbol.iterator](): Generator<Of> {
    let next = this.#first;
    while (next !== undefined) {
      const current = next;
      next = current.after as Of | undefined;
      yield current;
    }
  }

  add(waiter: Of): void {
    waiter.isWaiting = true;
    waiter.before = this.#last;
    waiter.after = undefined;
    if (this.#last === undefined) this.#first = waiter;
    else this.#last.after = waiter;
    this.#last = waiter;
    this.#size++;
  }

  shift(): Of | undefined {
    const first = this.#first;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** @returns false if it did not wait any more */
  remove(waiter: Of): boolean {
    if (!waiter.isWaiting) return false;
    waiter.isWaiting = false;
    const before = waiter.before as Of | undefined;
    const after = waiter.after as Of | undefined;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    waiter.before = undefined;
    waiter.after = undefined;
    this.#size--;
    return true;
  }
}
