// Prints what a worker finds of how this process was started. Its argument: the executor's options, as JSON.
import process from 'node:process';
import { URL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { parallel, ParallelExecutor } from '@switchgear/executor';

const look = parallel(() => ({
  preloads: globalThis.preloads ?? [],
  sourceMaps: process.sourceMapsEnabled,
  nodeOptions: process.env.NODE_OPTIONS,
  own: process.env.OWN,
  argument: process.argv[2],
  leaked: ['require', 'module', 'exports', 'parentPort', 'workerData'].filter((name) => {
    try {
      return (0, eval)(`typeof ${name}`) !== 'undefined';
    } catch {
      return true;
    }
  }),
}));

if (isMainThread) {
  const { registers, ...options } = JSON.parse(process.argv[2] ?? '{}');
  if (registers !== undefined) await import(new URL(registers, import.meta.url).href);
  const executor = new ParallelExecutor({ placement: 'workers', workers: 1, ...options });
  try {
    process.stdout.write(JSON.stringify(await executor.run(look, [])));
  } catch ({ code, message }) {
    process.stdout.write(JSON.stringify({ code, message }));
  }
  await executor.close();
}
