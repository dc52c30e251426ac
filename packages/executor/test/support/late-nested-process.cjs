// Holds the class, and starts work with it a moment after it was loaded: by each worker, too.
const { readFile } = require('node:fs/promises');
const process = require('node:process');
const { threadId } = require('node:worker_threads');
const { Parallel, ParallelExecutor } = require('@switchgear/executor');

class Own {
  double(n) {
    return n * 2;
  }
}
Parallel()(Own);

async function main() {
  await readFile(require.resolve('./late-nested-process.cjs'));
  const executor = new ParallelExecutor({ placement: 'workers', workers: 1 });
  try {
    process.stdout.write(`${threadId} ${JSON.stringify(await executor.map(Own, 'double', [1, 2, 3]))}\n`);
  } catch (error) {
    process.stdout.write(`${threadId} ${error.code}\n`);
  }
  await executor.close();
}
void main();
