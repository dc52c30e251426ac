import type { Clock } from '../time/clock.js';

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/**
 * A clock that only the test moves.
 *
 * @example
 * const clock = new ManualClock();
 * const breaker = new CircuitBreaker({ failureThreshold: 1, resetTimeout: '30s' }, { clock });
 * // … let it open …
 * clock.advance(30_000);
 */
export class ManualClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  /** @param start the first reading, in ms. Default 0 */
  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** The number of sleeps that wait for the clock to move. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        wakesAt: this.#now + ms,
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      if (signal?.aborted === true) abort();
      else if (ms <= 0) resolve();
      else {
        signal?.addEventListener('abort', abort, { once: true });
        this.#sleepers.add(sleeper);
      }
    });
  }

  /**
   * Moves the clock, and ends the sleeps that are over by then, earliest first. The code that slept goes on when the test
   * awaits.
   *
   * @param ms the step; a monotonic clock does not go back
   * @throws RangeError for a step that is negative, infinite or no number
   */
  advance(ms: number): void {
    if (!(ms >= 0 && ms < Infinity))
      throw new RangeError(`advance: expected milliseconds of at least 0, received ${ms}`);
    this.#now += ms;
    const due = [...this.#sleepers].filter(({ wakesAt }) => wakesAt <= this.#now);
    for (const sleeper of due.sort((one, other) => one.wakesAt - other.wakesAt)) {
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
