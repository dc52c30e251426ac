/** Nobody decides before so much is known, in ms, and the longest measurement is not counted: first calls are slow, and machines stall. */
const LEAST_KNOWN = 5;
/** What takes so long, in ms, says enough: nobody wants more of it in this thread. */
const LONG = 50;
/** So many measurements in a row have to say it. */
const WITNESSES = 3;

/** What the first items of a job take: runs of some of them, and how long each run took. */
export class Sample {
  #items = 0;
  #elapsed = 0;
  #longest = 0;
  readonly #last: number[] = [];

  /** So many items took so many ms. */
  add(items: number, taken: number): void {
    this.#items += items;
    this.#elapsed += taken;
    this.#longest = Math.max(this.#longest, taken);
    this.#last.push(taken / Math.max(1, items));
    if (this.#last.length > WITNESSES) this.#last.shift();
  }

  get items(): number {
    return this.#items;
  }

  /** Of all together, in ms. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** Of an item, in ms. The last ones say more than the first did, and the least of them more than a stall. */
  get itemTime(): number {
    return this.#last.length === 0 ? 0 : Math.min(...this.#last);
  }

  /** Whether it is enough to decide by. */
  get isEnough(): boolean {
    return this.#elapsed - this.#longest >= LEAST_KNOWN || this.#longest >= LONG;
  }
}
