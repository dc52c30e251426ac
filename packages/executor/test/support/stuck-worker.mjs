// Loads at once in the main thread, and never in a worker.
import { isMainThread } from 'node:worker_threads';
import { Parallel } from '@switchgear/executor';

export class Stuck {
  work(item) {
    return item;
  }
}
Parallel({ module: import.meta.url })(Stuck);

if (!isMainThread) await new Promise(() => {});
