import type { Job } from '../job/job.js';

/** Weight of the newest measurement in the moving average of a target. */
const EWMA_WEIGHT = 0.3;

/** How long items take: of a job that has been measured, else of the jobs of the same target before it. A `run` is a job of one item. */
export class ItemTimes {
  readonly #targetOf: (job: Job) => number;
  readonly #times = new Map<number, number>();

  /** @param targetOf the number of a job's target */
  constructor(targetOf: (job: Job) => number) {
    this.#targetOf = targetOf;
  }

  /** In ms; undefined before any item of the target has run. */
  of(job: Job): number | undefined {
    return job.itemTime ?? this.#times.get(this.#targetOf(job));
  }

  /** Takes into account that `items` items of a job took `elapsed` ms. */
  add(job: Job, items: number, elapsed: number): void {
    job.measure(items, elapsed);
    if (items === 0) return;
    const target = this.#targetOf(job);
    const time = elapsed / items;
    const before = this.#times.get(target) ?? time;
    this.#times.set(target, before + EWMA_WEIGHT * (time - before));
  }
}
