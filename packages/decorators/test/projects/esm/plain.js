// What Node runs as it is: one ES module with the class, which workers load, and with what starts them.
import { isMainThread, threadId } from 'node:worker_threads';
import { withCircuitBreaker, withRetry } from '@switchgear/core';
import { Parallel, parallel, ParallelExecutor } from '@switchgear/executor';

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

  static side(tiles) {
    return Math.sqrt(tiles);
  }
}
Parallel()(Tiles);

let calls = 0;
const locate = withRetry({ initialDelay: '1ms' })(
  parallel(async function locate(name) {
    if (++calls % 2 === 1) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return `${name} is found by ${threadId === 0 ? 'this' : 'another'} thread`;
  }),
);

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

  console.log('functions and static methods run there');
  console.log(`  ${(await executor.map(locate, ['the sea', 'a lake'])).join(', ')}`);
  console.log(`  ${(await executor.map(Tiles.side, [16, 64])).join(', ')}`);

  await executor.close();
  console.log('nothing is left to do');
}
