import { ParallelExecutor } from '@switchgear/executor';
import { Labels } from './labels.js';

async function main(): Promise<void> {
  const executor = new ParallelExecutor({ workers: 1, placement: 'workers' });
  for (const label of await executor.map(Labels, 'print', ['tea', 'coffee'])) console.log(label);
  await executor.close();
}

void main();
