import { MAX_TIMER_MS } from '../time/clock.js';

// Taken at load, so that fake timers in tests of users do not stop it.
const { setInterval, clearInterval } = globalThis;

/** A handle that keeps the process alive while something waits for what other threads do. */
export class KeepAlive {
  #handle: ReturnType<typeof setInterval> | undefined;

  hold(): void {
    this.#handle ??= setInterval(nothing, MAX_TIMER_MS);
  }

  release(): void {
    clearInterval(this.#handle);
    this.#handle = undefined;
  }
}

function nothing(): void {
  // The timer is there to be there.
}
