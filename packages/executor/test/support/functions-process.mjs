// Has every function run in a worker, and prints what came of it.
import process from 'node:process';
import { threadId } from 'node:worker_threads';
import { ParallelExecutor } from '@switchgear/executor';
import commonFunctions from './common-functions-worker.cjs';
import { Closing, functions } from './functions-worker.mjs';

const executor = new ParallelExecutor({ workers: 1, placement: 'workers' });
const { common } = commonFunctions;
const came = {};
const note = async (name, call) => {
  try {
    const [what, n, thread, ...rest] = (await call()) ?? [];
    came[name] = [what, n, thread === threadId ? 'here' : 'in a worker', ...rest];
  } catch ({ name: error, code, message }) {
    came[name] = { error, code, message };
  }
};
for (const [name, fn] of Object.entries({ ...functions, common })) {
  await note(name, async () => (await executor.map(fn, [7]))[0]);
}
await note('mapSettled', async () => (await executor.mapSettled(functions.plain, [1]))[0].value);
await note('stream', async () => {
  for await (const { value } of executor.stream(functions.plain, [2])) return value;
});
await note('run', () => executor.run(functions.plain, [3]));
await note('auto', async () => (await executor.map(functions.plain, [4], { placement: 'auto' }))[0]);
await note('inline', async () => (await executor.map(functions.parse, [5], { placement: 'inline' }))[0]);
came.plan = (await executor.plan(functions.plain, [1, 2], { placement: 'auto' })).placement;
const loose = new ParallelExecutor({ placement: 'auto' });
await loose.map(Closing, 'use', [1, 2]);
came.disposedBefore = Closing.disposed;
await loose.close();
came.disposed = Closing.disposed;
await executor.close();
process.stdout.write(JSON.stringify(came));
