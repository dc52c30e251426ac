import { isMainThread, threadId } from 'node:worker_threads';
import { parallel, ParallelExecutor } from '@switchgear/executor';
import { condition } from 'conditional';

const look = parallel(async function look() {
  return [
    threadId > 0 ? 'in a worker' : 'here',
    condition,
    `source maps ${process.sourceMapsEnabled}`,
    process.env.OWN,
  ];
});

if (isMainThread) {
  const executor = new ParallelExecutor({ workers: 1, placement: 'workers' });
  console.log((await executor.run(look, [])).filter((one) => one !== undefined).join(', '));
  await executor.close();
}
