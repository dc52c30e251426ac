import { fromErrorRecord, isRefusal, type Outcome } from '@switchgear/core';
import type { Class, Target } from '../protocol/address.js';
import type { ItemOutcome } from '../protocol/messages.js';
import type { Item } from './item.js';
import type { Source } from './source.js';

/** Hears what becomes of a job. */
export interface JobListener {
  /** Items that follow each other, from `first` on, have brought these values. */
  succeeded(first: number, values: readonly unknown[]): void;
  failed(index: number, outcome: Outcome<never>): void;
  /** Once: everything has its outcome, or the job was given up. */
  ended(error: { readonly thrown: unknown } | undefined): void;
}

export interface JobOptions {
  readonly owner: Class;
  readonly target: Target;
  readonly constructorArgs: readonly unknown[];
  readonly source: Source;
  /** Whether each item is the list of arguments, rather than the only one. */
  readonly isSpread: boolean;
  /** Whether the first failure ends it. */
  readonly isFailFast: boolean;
  readonly crashRetries: number;
  /** How long items that run may go on after it was cancelled, in ms. */
  readonly grace: number;
  /** Items that go to one lane at once; undefined where that is found out. */
  readonly chunk: number | undefined;
  /** What of an item is handed over instead of copied. */
  readonly transfer: ((item: never) => readonly ArrayBuffer[]) | undefined;
}

/** Weight of the newest measurement in the moving average of the item time. */
const EWMA_WEIGHT = 0.3;

/** Work on many items, wherever it is done: gives items out, takes outcomes in. */
export class Job {
  readonly options: JobOptions;
  readonly #listener: JobListener;
  /** Items that a dead worker has left; they go first. */
  #returned: Item[] = [];
  #next = 0;
  #inFlight = 0;
  /** How many items may still be given out before somebody takes outcomes. */
  #credit: number;
  #isEnded = false;
  #isExhausted = false;
  #wake: (() => void) | undefined;
  #withdraw: (() => void) | undefined;
  #isCancelled = false;
  #itemTime: number | undefined;

  /** @param credit how many items may be on their way, or wait to be taken; default all */
  constructor(options: JobOptions, listener: JobListener, credit?: number) {
    this.options = options;
    this.#listener = listener;
    this.#credit = credit ?? Infinity;
  }

  /** Whether there may be an item to give out now. */
  get isReady(): boolean {
    return this.left !== 0 && (this.#credit > 0 || this.#returned.length > 0);
  }

  /** Lets so many more items be given out. */
  allow(items: number): void {
    this.#credit += items;
    this.#wake?.();
  }

  /** Waits until there is something to give out, or never will be again. */
  async untilReady(): Promise<void> {
    while (!this.isReady && this.left !== 0) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** How many items wait to be given out; undefined where nobody knows, but there may be some. */
  get left(): number | undefined {
    if (this.#isEnded) return 0;
    const { left } = this.options.source;
    if (this.#isExhausted) return this.#returned.length;
    return left === undefined ? undefined : left + this.#returned.length;
  }

  /** How many items there are, as soon as the last one was taken; until then undefined. */
  get total(): number | undefined {
    return this.#isExhausted ? this.#next : undefined;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether nobody wants even what was running at its end. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Whether items that a worker has not begun may go to another one. */
  get isDivisible(): boolean {
    // What was handed over is gone; and who says how many go together is not to be corrected.
    return this.options.transfer === undefined && this.options.chunk === undefined;
  }

  /** What items have lately taken, in ms; undefined before any has run. */
  get itemTime(): number | undefined {
    return this.#itemTime;
  }

  /** So many items took so many ms, one after the other. */
  measure(items: number, elapsed: number): void {
    if (items === 0) return;
    const itemTime = elapsed / items;
    this.#itemTime =
      this.#itemTime === undefined ? itemTime : this.#itemTime + EWMA_WEIGHT * (itemTime - this.#itemTime);
  }

  /** Gives out up to so many items. */
  take(max: number): readonly Item[] {
    if (this.#isEnded) return [];
    if (this.#returned.length > 0) {
      const items = this.#returned.splice(0, max);
      this.#inFlight += items.length;
      return items;
    }
    const { first, values } = this.takeRun(max);
    return this.#toItems(first, values);
  }

  /** Gives out up to so many items that follow each other, as they are. */
  takeRun(max: number): { readonly first: number; readonly values: readonly unknown[] } {
    const first = this.#next;
    const wanted = Math.min(max, this.#credit);
    let values: readonly unknown[] = [];
    try {
      if (!this.#isEnded) values = this.options.source.take(wanted);
    } catch (thrown) {
      // The iterable of the user.
      this.end({ thrown });
    }
    this.#next += values.length;
    this.#inFlight += values.length;
    this.#credit -= values.length;
    if (values.length < wanted) {
      this.#isExhausted = true;
      this.endIfDone();
    }
    return { first, values };
  }

  /** Takes back items that follow each other. */
  giveBackRun(first: number, values: readonly unknown[]): void {
    this.giveBack(this.#toItems(first, values));
  }

  #toItems(first: number, values: readonly unknown[]): readonly Item[] {
    const { isSpread } = this.options;
    // Not `map`, which leaves holes as they are.
    return Array.from(values, (value, i) => ({
      index: first + i,
      args: isSpread ? (value as readonly unknown[]) : [value],
      crashes: 0,
    }));
  }

  /** Takes items back that were given out and have not run to their end. */
  giveBack(items: readonly Item[]): void {
    this.#inFlight -= items.length;
    // Not spread: there may be more of them than a call takes arguments.
    if (!this.#isEnded) this.#returned = this.#returned.concat(items);
    this.endIfDone();
  }

  /** What a worker says became of an item. */
  settle(item: Item, outcome: ItemOutcome): void {
    if ('error' in outcome) {
      this.fail(item, fromErrorRecord(outcome.error));
    } else {
      this.succeeded(item.index, [outcome.value]);
      this.ran(1);
    }
  }

  /** An item that was given out will bring nothing. */
  fail({ index }: Item, error: unknown): void {
    this.failed(index, error);
    this.ran(1);
  }

  /** Items that follow each other have brought these values. */
  succeeded(first: number, values: readonly unknown[]): void {
    if (!this.#isEnded && values.length > 0) this.#listener.succeeded(first, values);
  }

  failed(index: number, error: unknown): void {
    if (this.#isEnded) return;
    this.#listener.failed(index, outcomeOf(error));
    if (this.options.isFailFast) this.end({ thrown: error });
  }

  /** So many of the items that were given out have run. */
  ran(items: number): void {
    this.#inFlight -= items;
    this.endIfDone();
  }

  /** Gives the job up: what runs may end, the rest is not begun. */
  end(error: { readonly thrown: unknown } | undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#returned = [];
    this.options.source.close();
    this.#wake?.();
    this.#withdraw?.();
    this.#listener.ended(error);
  }

  /** The same, and nobody wants what runs. */
  cancel(error: { readonly thrown: unknown } | undefined): void {
    this.#isCancelled = true;
    this.end(error);
  }

  /** Hears of its end first: who has given out items takes them back. */
  onEnd(withdraw: () => void): void {
    this.#withdraw = withdraw;
  }

  /** Ends it if there is nothing left to do, which may be so from the beginning. */
  endIfDone(): void {
    if (this.#inFlight === 0 && this.left === 0) this.end(undefined);
  }
}

/** What a method threw, as an outcome: a policy's refusal counts as refused, everything else as failed. */
function outcomeOf(error: unknown): Outcome<never> {
  return isRefusal(error) ? { status: 'refused', error } : { status: 'failed', error };
}
