import type { Clock } from '@switchgear/core';

/** A clock in memory that all threads see; it stands still until one of them moves it. */
export class SharedClock implements Clock {
  readonly cells: Int32Array = new Int32Array(new SharedArrayBuffer(4));

  now(): number {
    return Atomics.load(this.cells, 0);
  }

  async sleep(): Promise<void> {
    // No circuit sleeps.
  }

  move(ms: number): void {
    Atomics.add(this.cells, 0, ms);
  }
}
