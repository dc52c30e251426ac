import process from 'node:process';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers';
import { isMainThread } from 'node:worker_threads';
import { Parallel } from '@switchgear/executor';

/** What an item of a random schedule does, and to what end. In the main thread nothing dies. */
const deeds = {
  value: ({ n }) => n * 2,
  slow: ({ n }) => {
    const end = performance.now() + 3;
    while (performance.now() < end);
    return n * 2;
  },
  later: ({ n }) => new Promise((resolve) => setTimeout(resolve, n % 5, n * 2)),
  throws: ({ n }) => {
    throw new RangeError(`no ${n}`);
  },
  uncloneable: () => () => undefined,
  dies: ({ n }) => (isMainThread ? n * 2 : process.exit(5)),
  diesOnce: ({ n }, runs) => (isMainThread || runs > 1 ? n * 2 : process.exit(5)),
};

export class Deeds {
  do(item) {
    const runs = Atomics.add(item.runs, item.n, 1) + 1;
    return deeds[item.deed](item, runs);
  }
}
Parallel({ module: import.meta.url })(Deeds);
