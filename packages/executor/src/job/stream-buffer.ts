import type { Outcome } from '@switchgear/core';
import type { JobListener } from './job.js';
import type { ProgressMeter } from './progress.js';

/** An outcome, and the index of its item. */
export type ItemResult<T> = Outcome<T> & { readonly index: number };

/** How many items of a stream may be on their way or wait for the reader. */
export const STREAM_WINDOW = 256;
/** The job gets new credit each time this many outcomes were read, not for each one: one item a message would be all messages and no work. */
const CREDIT_BATCH = STREAM_WINDOW / 4;

/** Holds outcomes until they are read. */
export class StreamBuffer implements JobListener {
  readonly #isOrdered: boolean;
  readonly #meter: ProgressMeter;
  readonly #allow: (items: number) => void;
  readonly #waiting = new Map<number, ItemResult<unknown>>();
  #next = 0;
  #read = 0;
  #end: { readonly error: { readonly thrown: unknown } | undefined } | undefined;
  #wake: (() => void) | undefined;

  /** @param allow lets more items of the job begin */
  constructor(isOrdered: boolean, meter: ProgressMeter, allow: (items: number) => void) {
    this.#isOrdered = isOrdered;
    this.#meter = meter;
    this.#allow = allow;
  }

  succeeded(first: number, values: readonly unknown[]): void {
    for (const [i, value] of values.entries()) {
      this.#add(first + i, { status: 'succeeded', value, index: first + i });
    }
  }

  failed(index: number, outcome: Outcome<never>): void {
    this.#add(index, { ...outcome, index });
  }

  ended(error: { readonly thrown: unknown } | undefined): void {
    this.#end = { error };
    this.#wake?.();
  }

  /** @throws the error that ended the job */
  async *read(): AsyncGenerator<ItemResult<unknown>, void, undefined> {
    for (;;) {
      const result = this.#take();
      if (result !== undefined) {
        if (++this.#read % CREDIT_BATCH === 0) this.#allow(CREDIT_BATCH);
        yield result;
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      } else {
        const { error } = this.#end;
        if (error !== undefined) throw error.thrown;
        return;
      }
    }
  }

  #take(): ItemResult<unknown> | undefined {
    const key = this.#isOrdered ? this.#next : this.#waiting.keys().next().value;
    if (key === undefined) return undefined;
    const result = this.#waiting.get(key);
    if (result !== undefined) {
      this.#waiting.delete(key);
      this.#next++;
    }
    return result;
  }

  #add(index: number, result: ItemResult<unknown>): void {
    this.#waiting.set(index, result);
    this.#meter.count(1, result.status !== 'succeeded');
    this.#wake?.();
  }
}
