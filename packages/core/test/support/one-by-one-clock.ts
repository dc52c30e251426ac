import type { Clock } from '@switchgear/core';

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/** A clock that goes from sleeper to sleeper, so that a test sees what each of them does before the next wakes. */
export class OneByOneClock implements Clock {
  #now = 0;
  #sleepers: readonly Sleeper[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = { wakesAt: this.#now + Math.max(0, ms), wake: resolve };
      this.#sleepers = [...this.#sleepers, sleeper];
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      });
    });
  }

  /**
   * Goes to the next sleeper and wakes it, or to a time, if nobody wakes before it.
   *
   * @returns whether a sleeper was woken
   */
  goOn(until: number): boolean {
    const first = [...this.#sleepers].sort((one, other) => one.wakesAt - other.wakesAt).at(0);
    if (first === undefined || first.wakesAt > until) {
      this.#now = until;
      return false;
    }
    this.#now = Math.max(this.#now, first.wakesAt);
    this.#sleepers = this.#sleepers.filter((other) => other !== first);
    first.wake();
    return true;
  }
}
