import { isMainThread } from 'node:worker_threads';
import { Parallel } from '@switchgear/executor';

/** Its constructor never ends in a worker, and lets nothing else run there. */
export class Spinning {
  constructor() {
    while (!isMainThread);
  }

  work(item) {
    return item;
  }
}
Parallel({ module: import.meta.url })(Spinning);
