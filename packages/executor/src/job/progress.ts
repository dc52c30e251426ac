import { warnUser } from '@switchgear/core/kit';
import { now } from '../event-loop.js';

/** How far a job is. */
export interface Progress {
  /** How many items there are; undefined while that is unknown. */
  readonly total: number | undefined;
  /** How many items have an outcome, of whatever kind. */
  readonly done: number;
  /** How many items failed or were refused. */
  readonly failed: number;
  /** Time since the job began, in ms. */
  readonly elapsed: number;
}

/** Progress is published at most this often, and at the end. */
const PUBLISH_INTERVAL_MS = 50;

/** Counts the outcomes of a job and publishes its progress to the user's listener. */
export class ProgressMeter {
  readonly #startedAt = now();
  readonly #total: () => number | undefined;
  readonly #listener: ((progress: Progress) => void) | undefined;
  #done = 0;
  #failed = 0;
  #publishedAt = 0;

  /** @param total how many items there are */
  constructor(total: () => number | undefined, listener: ((progress: Progress) => void) | undefined) {
    this.#total = total;
    this.#listener = listener;
  }

  get hasListener(): boolean {
    return this.#listener !== undefined;
  }

  get now(): Progress {
    return {
      total: this.#total(),
      done: this.#done,
      failed: this.#failed,
      elapsed: now() - this.#startedAt,
    };
  }

  count(items: number, areFailures: boolean): void {
    this.#done += items;
    if (areFailures) this.#failed += items;
  }

  /** Calls the listener, at most every 50 ms unless `isLast`. If it throws, that becomes a process warning. */
  publish(isLast = false): void {
    if (this.#listener === undefined) return;
    const time = now();
    if (!isLast && time - this.#publishedAt < PUBLISH_INTERVAL_MS) return;
    this.#publishedAt = time;
    try {
      this.#listener(this.now);
    } catch (error) {
      warnUser('onProgress threw', { error });
    }
  }
}
