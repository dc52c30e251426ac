import type { Job } from '../job/job.js';
import type { Chunk } from './chunk.js';

/** Weight of the newest measurement in the moving average of a target. */
const EWMA_WEIGHT = 0.3;

/** How long items take: of a job that has been measured, else of the jobs of the same target before it. A `run` is a job of one item. */
export class ItemTimes {
  readonly #times = new Map<number, number>();

  /**
   * In ms; undefined before any item of the target has run.
   *
   * @param target the number of the job's target
   */
  of(job: Job, target: number): number | undefined {
    return job.itemTime ?? this.#times.get(target);
  }

  /** Takes into account that the items of a chunk took `elapsed` ms. */
  add({ job, target, items: { length: items } }: Chunk, elapsed: number): void {
    job.measure(items, elapsed);
    if (items === 0) return;
    const time = elapsed / items;
    const before = this.#times.get(target) ?? time;
    this.#times.set(target, before + EWMA_WEIGHT * (time - before));
  }
}
