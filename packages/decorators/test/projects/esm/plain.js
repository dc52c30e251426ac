// What Node runs as it is: one ES module with the class, which workers load, and with what starts them.
import { isMainThread, threadId } from 'node:worker_threads';
import { withCircuitBreaker } from '@switchgear/core';
import { Parallel, ParallelExecutor } from '@switchgear/executor';

class TileError extends Error {
  name = 'TileError';
}

const guarded = withCircuitBreaker({ key: 'tile-server', failureThreshold: 2, resetTimeout: '30s' });
const load = guarded(async (name) => {
  if (name === '') throw new TileError('no such tile');
  return `tile ${name}`;
});

class Tiles {
  count(zoom) {
    return { tiles: 4 ** zoom, thread: threadId };
  }

  fetch(name) {
    return load(name);
  }
}
Parallel()(Tiles);

if (isMainThread) {
  const show = async (call) =>
    console.log(`  ${await call.catch(({ name, code, message }) => `${name}: ${code ?? message}`)}`);
  const executor = new ParallelExecutor({ workers: 2, placement: 'workers' });

  console.log('results come in the order of the items');
  for (const { tiles, thread } of await executor.map(Tiles, 'count', [3, 0, 2, 1]))
    console.log(`  ${tiles}, from ${thread === threadId ? 'this' : 'another'} thread`);

  console.log('workers open a circuit');
  for (const name of ['sea', '', '', 'sea']) await show(executor.run(Tiles, 'fetch', [name]));
  console.log('it is open here, too');
  await show(new Tiles().fetch('sea'));

  await executor.close();
  console.log('nothing is left to do');
}
