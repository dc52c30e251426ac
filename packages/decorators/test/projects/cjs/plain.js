// What Node runs as it is.
'use strict';
const { threadId } = require('node:worker_threads');
const { ParallelExecutor } = require('@switchgear/executor');
const { locate, Tiles } = require('./src/plain-tiles.cjs');

async function main() {
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

void main();
