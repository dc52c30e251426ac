import type { Clock } from '@switchgear/core';

/** A clock that jumps over every sleep, and remembers how long each would have been. */
export class JumpingClock implements Clock {
  readonly sleeps: number[] = [];
  #now = 1_000;

  now(): number {
    return this.#now;
  }

  /** Lets time pass in which nobody sleeps: an attempt that takes a while. */
  pass(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    this.#now += ms;
  }
}
