import type { Job } from '../job.js';

/** One item of a job on its way. */
export interface Item {
  readonly index: number;
  readonly args: readonly unknown[];
  /** How often a worker died while it ran. */
  readonly crashes: number;
}

/** Items of one job that go to a lane together. */
export class Chunk {
  readonly id: number;
  readonly job: Job;
  readonly items: readonly Item[];
  /** The number under which its worker knows the method. */
  readonly target: number;
  /** How many of them have their outcome. They get it in order. */
  settled = 0;

  constructor(id: number, job: Job, items: readonly Item[], target: number) {
    this.id = id;
    this.job = job;
    this.items = items;
    this.target = target;
  }

  get unsettled(): readonly Item[] {
    return this.items.slice(this.settled);
  }
}
