import type { Item } from '../job/item.js';
import type { Job } from '../job/job.js';
import type { ItemOutcome } from '../protocol/messages.js';

/** Items of one job that go to a worker together. */
export class Chunk {
  readonly id: number;
  readonly job: Job;
  /** The number under which the worker knows the target. */
  readonly target: number;
  readonly #items: Item[];
  /** How many items have their outcome. They get it in order. */
  #settledCount = 0;

  constructor(id: number, job: Job, items: readonly Item[], target: number) {
    this.id = id;
    this.job = job;
    this.target = target;
    this.#items = [...items];
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  get settledCount(): number {
    return this.#settledCount;
  }

  get unsettledItems(): readonly Item[] {
    return this.#items.slice(this.#settledCount);
  }

  /** Takes the outcome of the next item. */
  settle(outcome: ItemOutcome): void {
    this.job.settle(this.#items[this.#settledCount], outcome);
    this.#settledCount++;
  }

  /** Removes the items from `offset` on. */
  removeFrom(offset: number): readonly Item[] {
    return this.#items.splice(offset);
  }
}
