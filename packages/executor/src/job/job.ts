import { type ErrorRecord, fromErrorRecord, isRefusal, type Outcome } from '@switchgear/core';
import type { Owner, Target } from '../protocol/address.js';
import type { ItemOutcome } from '../protocol/messages.js';
import type { AsyncContext } from './async-context.js';
import type { Item } from './item.js';
import type { Source } from './source.js';

/** Gets the outcomes of a job's items, and its end. */
export interface JobListener {
  /** The items from `first` on have succeeded with these values. */
  succeeded(first: number, values: readonly unknown[]): void;
  failed(index: number, outcome: Outcome<never>): void;
  /** Is called once: each item has its outcome, or the job ended before with an error. */
  ended(error: { readonly thrown: unknown } | undefined): void;
}

/** Whoever gives out the items of jobs. */
export interface JobWatcher {
  /** Items may be given out that could not before. */
  ready(job: Job): void;
  /** Items were given back. */
  returned(job: Job): void;
  /** The job has ended. Is called before its listener. */
  ended(job: Job): void;
}

export interface JobOptions {
  readonly owner: Owner;
  readonly target: Target;
  readonly constructorArgs: readonly unknown[];
  readonly source: Source;
  /** Whether an item is the list of the method's arguments, and not its only argument. */
  readonly isSpread: boolean;
  /** Whether the first failure ends the job. */
  readonly isFailFast: boolean;
  readonly crashRetries: number;
  /** How long running items may go on after the job was cancelled, in ms. */
  readonly grace: number;
  /** How many items go to a worker at once; undefined where the executor decides. */
  readonly chunk: number | undefined;
  /** The buffers of an item that are transferred instead of copied. */
  readonly transfer: ((item: never) => readonly ArrayBuffer[]) | undefined;
  /** Calls a function in the async context of whoever began the job. Default calls it as it is. */
  readonly context?: AsyncContext | undefined;
}

/** Weight of the newest measurement in the moving average of the item time. */
const EWMA_WEIGHT = 0.3;

/** The state of one job, wherever it runs: it gives out items and takes their outcomes. */
export class Job {
  readonly options: JobOptions;
  readonly #listener: JobListener;
  /** Items that were given back, such as those of a dead worker. They are given out first. */
  #returned: Item[] = [];
  #next = 0;
  #inFlight = 0;
  /** How many more items may be given out before the reader takes outcomes. */
  #credit: number;
  #isEnded = false;
  #isExhausted = false;
  /** How many items had no outcome when the job ended. */
  #unfinished: number | undefined;
  #wake: (() => void) | undefined;
  #watcher: JobWatcher | undefined;
  #stop: ((job: Job) => Error) | undefined;
  #isCancelled = false;
  #itemTime: number | undefined;

  /** @param credit how many items may be given out before the reader takes outcomes; default all */
  constructor(options: JobOptions, listener: JobListener, credit?: number) {
    this.options = options;
    this.#listener = listener;
    this.#credit = credit ?? Infinity;
  }

  /** Whether an item may be given out now. An iterable may turn out to have none left. */
  get isReady(): boolean {
    return this.left !== 0 && (this.#credit > 0 || this.#returned.length > 0);
  }

  /** Lets `items` more items be given out. */
  allow(items: number): void {
    this.#credit += items;
    this.#wake?.();
    this.#watcher?.ready(this);
  }

  /** Waits until an item may be given out, or none is left. */
  async untilReady(): Promise<void> {
    while (!this.isReady && this.left !== 0) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** How many items are left to give out; undefined while that is unknown. */
  get left(): number | undefined {
    return this.#isEnded || this.isStopped ? 0 : this.#rest;
  }

  /** How many items are not given out, whether or not they still may be. */
  get #rest(): number | undefined {
    const { left } = this.options.source;
    if (this.#isExhausted) return this.#returned.length;
    return left === undefined ? undefined : left + this.#returned.length;
  }

  /** How many items have an outcome. */
  get completed(): number {
    return this.#next - this.#inFlight - this.#returned.length;
  }

  /** How many items have no outcome. Of those that were never taken from an iterable nobody knows. */
  get unfinished(): number {
    return this.#unfinished ?? this.#inFlight + (this.#rest ?? this.#returned.length);
  }

  /** How many items there are; undefined until the last one was taken from the source. */
  get total(): number | undefined {
    return this.#isExhausted ? this.#next : undefined;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether no further item may begin, and the job ends with those that run. */
  get isStopped(): boolean {
    return this.#stop !== undefined;
  }

  /** Whether the job was cancelled: not even its running items are wanted. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Whether items that a worker has not begun may go to another one. */
  get isDivisible(): boolean {
    // Buffers that were transferred are gone. And a chunk size that the caller gave is kept.
    return this.options.transfer === undefined && this.options.chunk === undefined;
  }

  /** How long items have lately taken, in ms; undefined before the first one has run. */
  get itemTime(): number | undefined {
    return this.#itemTime;
  }

  /** Takes into account that `items` items took `elapsed` ms, one after the other. */
  measure(items: number, elapsed: number): void {
    if (items === 0) return;
    const itemTime = elapsed / items;
    this.#itemTime =
      this.#itemTime === undefined ? itemTime : this.#itemTime + EWMA_WEIGHT * (itemTime - this.#itemTime);
  }

  /** Gives out up to `max` items. */
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

  /** Gives out up to `max` consecutive items, as plain values. */
  takeRun(max: number): { readonly first: number; readonly values: readonly unknown[] } {
    const first = this.#next;
    const wanted = Math.min(max, this.#credit);
    let values: readonly unknown[] = [];
    try {
      if (!this.#isEnded) values = this.inContext(() => this.options.source.take(wanted));
    } catch (thrown) {
      // The user's iterable threw.
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

  /** Takes back consecutive items. */
  giveBackRun(first: number, values: readonly unknown[]): void {
    this.giveBack(this.#toItems(first, values));
  }

  #toItems(first: number, values: readonly unknown[]): readonly Item[] {
    const { isSpread } = this.options;
    // Not `map`: it would keep the holes of an array.
    return Array.from(values, (value, i) => ({
      index: first + i,
      args: isSpread ? (value as readonly unknown[]) : [value],
      crashes: 0,
    }));
  }

  /** Takes back items that were given out and have no outcome. */
  giveBack(items: readonly Item[]): void {
    this.#inFlight -= items.length;
    // Not `push(...items)`: there may be more items than a call can have arguments.
    if (!this.#isEnded) this.#returned = this.#returned.concat(items);
    this.endIfDone();
    if (this.isReady) this.#watcher?.returned(this);
  }

  /** Takes the outcome of an item from a worker. */
  settle(item: Item, outcome: ItemOutcome): void {
    // Not `in`: somebody may have put such a property on every object.
    if (Object.hasOwn(outcome, 'error')) {
      this.fail(item, fromErrorRecord((outcome as { readonly error: ErrorRecord }).error));
    } else {
      this.succeeded(item.index, [(outcome as { readonly value: unknown }).value]);
      this.ran(1);
    }
  }

  /** An item that was given out has failed. */
  fail({ index }: Item, error: unknown): void {
    this.failed(index, error);
    this.ran(1);
  }

  /** Passes on the values of consecutive items. */
  succeeded(first: number, values: readonly unknown[]): void {
    if (!this.#isEnded && values.length > 0) this.#listener.succeeded(first, values);
  }

  failed(index: number, error: unknown): void {
    if (this.#isEnded) return;
    this.#listener.failed(index, outcomeOf(error));
    if (this.options.isFailFast) this.end({ thrown: error });
  }

  /** `items` of the items that were given out have their outcome. */
  ran(items: number): void {
    this.#inFlight -= items;
    this.endIfDone();
  }

  /** Ends the job: running items may end, no further item begins. */
  end(error: { readonly thrown: unknown } | undefined): void {
    if (this.#isEnded) return;
    this.#unfinished = this.unfinished;
    this.#isEnded = true;
    this.#returned = [];
    this.inContext(() => this.options.source.close());
    this.#wake?.();
    this.#watcher?.ended(this);
    this.#listener.ended(error);
  }

  /** Ends the job, and does not want its running items either. */
  cancel(error: { readonly thrown: unknown } | undefined): void {
    this.#isCancelled = true;
    this.end(error);
  }

  /**
   * Begins no further item. When those that run have ended, the job ends, with an error unless all its items have run.
   *
   * @param error makes the error of a job that has items left
   */
  stop(error: (job: Job) => Error): void {
    if (this.#isEnded || this.isStopped) return;
    this.#stop = error;
    this.#wake?.();
    this.endIfDone();
  }

  /** Has the pool told of the job: it takes back what it has given out when the job ends. */
  watch(watcher: JobWatcher): void {
    this.#watcher = watcher;
  }

  /** Ends the job if no item is left and none is on its way. */
  endIfDone(): void {
    if (this.#isEnded || this.#inFlight > 0 || this.left !== 0) return;
    this.end(this.#stop === undefined || this.#rest === 0 ? undefined : { thrown: this.#stop(this) });
  }

  /** Calls a function of the user in the async context of whoever began the job. */
  inContext<R>(call: () => R): R {
    const { context } = this.options;
    return context === undefined ? call() : context(call);
  }
}

/** What a method threw, as an outcome: a policy's refusal counts as refused, everything else as failed. */
function outcomeOf(error: unknown): Outcome<never> {
  return isRefusal(error) ? { status: 'refused', error } : { status: 'failed', error };
}
