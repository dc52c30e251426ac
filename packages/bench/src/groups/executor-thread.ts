import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { PlainWork } from './executor-plain-work.js';

/** The thread of the other pools: one method for one item, or for a chunk of them. */
export interface Task {
  readonly method: 'trivial' | 'compute' | 'invert' | 'mark';
  readonly items: readonly unknown[];
}

const work = new PlainWork();

// piscina and tinypool call the default export.
// eslint-disable-next-line import-x/no-default-export
export default function run({ method, items }: Task): unknown[] {
  return items.map((item) => work[method](item as never));
}

export const thread: string = fileURLToPath(import.meta.url);

if (process.argv.includes('--by-hand')) {
  parentPort?.on('message', (task: Task) => parentPort?.postMessage(run(task)));
}
