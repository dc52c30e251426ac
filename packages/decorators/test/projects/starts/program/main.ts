import { isMainThread } from 'node:worker_threads';
import { type ExecutorOptions, ParallelExecutor } from '@switchgear/executor';
import { lookup, Tiles } from './service.js';

async function main(): Promise<void> {
  const options = JSON.parse(process.env['EXECUTOR'] ?? '{}') as ExecutorOptions;
  const executor = new ParallelExecutor({ workers: 1, placement: 'workers', ...options });
  const counts = await executor.map(Tiles, 'count', [1, 2]);
  const halves = await executor.map(Tiles.half, counts);
  console.log([...counts, ...halves, ...(await executor.run(lookup, [3]))].join(' '));
  await executor.close();
}

if (isMainThread) {
  main().catch((error: unknown) => {
    console.log(String(error));
    process.exitCode = 1;
  });
}
