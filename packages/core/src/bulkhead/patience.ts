import type { Clock } from '../time/clock.js';

/**
 * One timer for all calls that wait in a queue for the same time at most: the first that has come is the first whose time is over.
 * It keeps the process alive while it runs.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #length: number;
  readonly #expire: (now: number) => number | undefined;
  #sleep: AbortController | undefined;

  /**
   * @param length in ms
   * @param expire ends the waits that are over; returns since when the first that is left waits, undefined where none is
   */
  constructor(clock: Clock, length: number, expire: (now: number) => number | undefined) {
    this.#clock = clock;
    this.#length = length;
    this.#expire = expire;
  }

  /** @param since when a call began to wait, by the clock; the timer is set unless it runs already */
  begin(since: number): void {
    if (this.#sleep !== undefined) return;
    const sleep = new AbortController();
    this.#sleep = sleep;
    const end = since + this.#length;
    this.#clock.sleep(Math.max(0, end - this.#clock.now()), sleep.signal).then(
      () => {
        if (this.#sleep !== sleep) return;
        this.#sleep = undefined;
        // A clock that stands still, as under fake timers, has slept all the same.
        const next = this.#expire(Math.max(end, this.#clock.now()));
        if (next !== undefined) this.begin(next);
      },
      () => undefined,
    );
  }

  /** No call waits any more. */
  end(): void {
    this.#sleep?.abort();
    this.#sleep = undefined;
  }
}
