import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { ThreadWorker } from 'poolifier';
import workerpool from 'workerpool';
import { Work } from './executor-work.js';

/** The thread of the other pools: one method for one item, or for a chunk of them. */
export interface Task {
  readonly method: 'trivial' | 'compute' | 'invert' | 'mark';
  readonly items: readonly unknown[];
}

const work = new Work();

// piscina and tinypool call what is exported by default.
// eslint-disable-next-line import-x/no-default-export
export default function run({ method, items }: Task): unknown[] {
  return items.map((item) => work[method](item as never));
}

export const thread: string = fileURLToPath(import.meta.url);

/** What the others have to be told, in the thread; each only in its own kind of thread. */
if (!isMainThread && process.argv.includes('--workerpool')) workerpool.worker({ run });
export const poolifierWorker: unknown = process.argv.includes('--poolifier')
  ? new ThreadWorker<Task, unknown[]>((task) => (task === undefined ? [] : run(task)), {
      maxInactiveTime: 60_000,
    })
  : undefined;
