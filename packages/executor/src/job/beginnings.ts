import { soon } from '../event-loop.js';

/** Begins jobs in a microtask, which all jobs share that are added before it. */
export class Beginnings {
  #waiting: (() => void)[] = [];

  add(begin: () => void): void {
    this.#waiting.push(begin);
    if (this.#waiting.length > 1) return;
    soon(() => {
      const beginnings = this.#waiting;
      this.#waiting = [];
      for (const each of beginnings) each();
    });
  }
}
