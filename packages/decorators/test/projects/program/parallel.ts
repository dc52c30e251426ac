import { isMainThread, threadId } from 'node:worker_threads';
import { ParallelExecutor } from '@switchgear/executor';
import { locate, Tiles } from './tiles.js';

/** Runs in worker threads what each compiler has made of the class. */
async function main(): Promise<void> {
  const show = async (call: Promise<string>): Promise<void> =>
    console.log(`  ${await call.catch(({ name, code, message }) => `${name}: ${code ?? message}`)}`);
  const executor = new ParallelExecutor({ workers: 2, placement: 'workers' });

  console.log('results come in the order of the items');
  const counts = await executor.map(Tiles, 'count', [3, 0, 2, 1]);
  for (const { tiles, thread } of counts)
    console.log(`  ${tiles}, from ${thread === threadId ? 'this' : 'another'} thread`);

  console.log('workers open a circuit');
  for (const name of ['sea', '', '', 'sea']) await show(executor.run(Tiles, 'fetch', [name]));
  console.log('it is open here, too');
  await show(new Tiles().fetch('sea'));

  console.log('functions and static methods run there');
  console.log(`  ${(await executor.map(locate, ['the sea', 'a lake'])).join(', ')}`);
  console.log(`  ${(await executor.map(Tiles.side, [16, 64])).join(', ')}`);

  await executor.close();
  console.log('nothing is left to do');
}

// Bundled, it stands in one file with the class, which workers load.
if (isMainThread) void main();
