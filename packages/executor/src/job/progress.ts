/** How far a job is. */
export interface Progress {
  /** How many items there are; undefined while nobody knows. */
  readonly total: number | undefined;
  /** How many have their outcome, whichever. */
  readonly done: number;
  /** How many of these failed, or were refused. */
  readonly failed: number;
  /** Since it began, in ms. */
  readonly elapsed: number;
}

/** Progress is published at most this often, and at the end. */
const PUBLISH_INTERVAL_MS = 50;

/** Counts, and tells a listener now and then, and at the end. */
export class ProgressMeter {
  readonly #startedAt = performance.now();
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

  get now(): Progress {
    return {
      total: this.#total(),
      done: this.#done,
      failed: this.#failed,
      elapsed: performance.now() - this.#startedAt,
    };
  }

  count(items: number, areFailures: boolean): void {
    this.#done += items;
    if (areFailures) this.#failed += items;
  }

  /** Tells the listener, if it is time. What it throws becomes a warning of the process. */
  publish(isLast = false): void {
    if (this.#listener === undefined) return;
    const now = performance.now();
    if (!isLast && now - this.#publishedAt < PUBLISH_INTERVAL_MS) return;
    this.#publishedAt = now;
    try {
      this.#listener(this.now);
    } catch (error) {
      process.emitWarning(`onProgress threw: ${String(error)}`, { type: 'SwitchgearWarning' });
    }
  }
}
