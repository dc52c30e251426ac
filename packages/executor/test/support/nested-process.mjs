// Holds the class, and starts work with it as soon as it is loaded: by each worker, too.
import process from 'node:process';
import { Parallel, ParallelExecutor } from '@switchgear/executor';

export class Own {
  double(n) {
    return n * 2;
  }
}
Parallel()(Own);

let workers = 0;
process.on('worker', () => void workers++);
const executor = new ParallelExecutor({ placement: 'workers', workers: 2 });
try {
  await executor.map(Own, 'double', [1, 2, 3]);
} catch (error) {
  const { code, module, message } = error;
  process.stdout.write(`${JSON.stringify({ code, module, message, workers })}\n`);
  if (process.argv[2] === 'swallow') process.exitCode = 0;
  else throw error;
}
