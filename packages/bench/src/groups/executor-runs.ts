import { ParallelExecutor } from '@switchgear/executor';
import type { Section } from '../contestant.js';
import { piscina, WORKERS } from './executor-pools.js';
import { type Runner, section } from './executor-race.js';
import { Work } from './executor-work.js';

const CALLS = 40_000;

/** Many single calls at once: the cost of one must not grow with the number that wait. */
export async function runs(rounds: number): Promise<Section> {
  const executor = new ParallelExecutor({ workers: WORKERS });
  const [other] = piscina();
  const runner = (name: string, call: (n: number) => Promise<unknown>, goal?: number): Runner => ({
    name,
    goal,
    async run() {
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: CALLS }, (_, n) => call(n)));
      return performance.now() - startedAt;
    },
  });
  const runners = [
    runner('piscina', (n) => other.map('trivial', [n])),
    runner('`executor.run`', (n) => executor.run(Work, 'trivial', [n]), 1.5),
  ];
  const note = 'Each adds one, in one of two workers that run.';
  const result = await section('40,000 single calls at once', note, runners, rounds);
  await executor.close();
  await other.close();
  return result;
}
