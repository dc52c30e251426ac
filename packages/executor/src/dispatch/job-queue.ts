import type { Job } from '../job/job.js';

/** The jobs that may have items to give out, in the order in which they get their turns. Its cost does not grow with the number of jobs. */
export class JobQueue {
  #jobs: Job[] = [];
  #front = 0;
  readonly #members = new Set<Job>();

  /** Adds a job at the end, unless it is in the queue. */
  add(job: Job): void {
    if (this.#members.has(job)) return;
    this.#members.add(job);
    this.#jobs.push(job);
  }

  /** Adds a job at the front, unless it is in the queue: what was given back has waited before. */
  addFirst(job: Job): void {
    if (this.#members.has(job)) return;
    this.#members.add(job);
    if (this.#front === 0) this.#jobs.unshift(job);
    else this.#jobs[--this.#front] = job;
  }

  /** The first job that can give out an item. Jobs before it leave the queue. */
  get first(): Job | undefined {
    while (this.#front < this.#jobs.length) {
      const job = this.#jobs[this.#front];
      if (job.isReady) return job;
      this.remove();
    }
    return undefined;
  }

  /** Removes the first job. */
  remove(): void {
    this.#members.delete(this.#jobs[this.#front]);
    this.#front++;
    // Removes the empty places when they are half of the list: so each job is moved once, on average.
    if (this.#front * 2 < this.#jobs.length) return;
    this.#jobs = this.#jobs.slice(this.#front);
    this.#front = 0;
  }
}
