/** A sample is enough once its runs, without the longest one, took this long: first calls are slow, and machines stall. */
const MIN_ELAPSED_MS = 5;
/** A single run that took this long is enough: another one would hold up this thread as long again. */
const LONG_RUN_MS = 50;
/** The item time is the minimum of the last 3 runs: it ignores warm-up and stalls. */
const SAMPLES_NEEDED = 3;

/** How long the first items of a job take, measured in runs of several items. */
export class Sample {
  #items = 0;
  #elapsed = 0;
  #longest = 0;
  readonly #last: number[] = [];

  /** Adds a run of `items` items that took `taken` ms in all. */
  add(items: number, elapsed: number): void {
    this.#items += items;
    this.#elapsed += elapsed;
    this.#longest = Math.max(this.#longest, elapsed);
    this.#last.push(elapsed / Math.max(1, items));
    if (this.#last.length > SAMPLES_NEEDED) this.#last.shift();
  }

  get items(): number {
    return this.#items;
  }

  /** How long all runs took together, in ms. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** How long one item takes, in ms: the minimum of the last runs. 0 before the first run. */
  get itemTime(): number {
    return this.#last.length === 0 ? 0 : Math.min(...this.#last);
  }

  /** Whether the sample is enough for a decision. */
  get isEnough(): boolean {
    return this.#elapsed - this.#longest >= MIN_ELAPSED_MS || this.#longest >= LONG_RUN_MS;
  }
}
