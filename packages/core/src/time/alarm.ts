import type { Clock } from './clock.js';

/** One timer for many that wait: it rings at the earliest moment that any of them waits for, and keeps the process alive until then. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: (now: number) => number | undefined;
  #sleep: { readonly at: number; readonly controller: AbortController } | undefined;

  /**
   * @param ring called with a reading of the clock, which is at least the moment that was set; returns the next moment to ring at,
   * undefined where there is none
   */
  constructor(clock: Clock, ring: (now: number) => number | undefined) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** @param at by the clock; a moment that is no earlier than the one that is set changes nothing */
  set(at: number): void {
    if (this.#sleep !== undefined && this.#sleep.at <= at) return;
    this.clear();
    const controller = new AbortController();
    const sleep = { at, controller };
    this.#sleep = sleep;
    this.#clock.sleep(Math.max(0, at - this.#clock.now()), controller.signal).then(
      () => {
        if (this.#sleep !== sleep) return;
        this.#sleep = undefined;
        // A clock that stands still, as under fake timers, has slept all the same.
        const next = this.#ring(Math.max(at, this.#clock.now()));
        if (next !== undefined) this.set(next);
      },
      () => undefined,
    );
  }

  clear(): void {
    this.#sleep?.controller.abort();
    this.#sleep = undefined;
  }
}
