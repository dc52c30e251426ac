import { setTimeout as sleep } from 'node:timers/promises';
import { ParallelExecutor } from '@switchgear/executor';
import { Piscina } from 'piscina';
import type { Section } from '../contestant.js';
import { byHand, ours, piscina, type Pool, WORKERS } from './executor-pools.js';
import { inMilliseconds, race, type Runner } from './executor-race.js';
import { thread } from './executor-thread.js';
import { Work } from './executor-work.js';

/** From the start of an executor to the first result of two workers. */
export async function start(rounds: number): Promise<Section> {
  const first = async (make: () => Pool): Promise<number> => {
    const startedAt = performance.now();
    const pool = make();
    await pool.map('trivial', [1]);
    const ms = performance.now() - startedAt;
    await pool.close();
    return ms;
  };
  const runners: readonly Runner[] = [
    { name: '`executor.map`', goal: 55, run: () => first(() => ours('workers')) },
    { name: 'piscina', run: () => first(() => piscina()[0]) },
    { name: 'a thread that only loads the class, started by hand', run: () => first(byHand) },
  ];
  const samples = await race(runners, rounds);
  return {
    title: 'Start to first result',
    note: 'A pool of two workers that do not run yet, and one item.',
    unit: 'ms',
    results: inMilliseconds(samples),
  };
}

/** How long items of 0.5 ms go on after an abort. */
export async function cancel(rounds: number): Promise<Section> {
  const executor = new ParallelExecutor({ workers: WORKERS });
  const pool = new Piscina({ filename: thread, minThreads: WORKERS, maxThreads: WORKERS });
  const late = async (
    begin: (items: readonly Float64Array[], signal: AbortSignal) => Promise<unknown>,
  ): Promise<number> => {
    const ends = new Float64Array(new SharedArrayBuffer(64 * 8));
    const controller = new AbortController();
    const job = begin(
      Array.from({ length: 4_000 }, () => ends),
      controller.signal,
    ).catch(() => undefined);
    await sleep(150);
    const abortedAt = performance.timeOrigin + performance.now();
    controller.abort();
    await job;
    await sleep(100);
    return Math.max(0, Math.max(...ends) - abortedAt);
  };
  const runners: readonly Runner[] = [
    {
      name: '`executor.map`',
      goal: 1,
      run: () =>
        late((items, signal) =>
          executor.map(Work, 'mark', items as Float64Array[], { placement: 'workers', signal }),
        ),
    },
    {
      name: 'piscina, 64 items a task',
      run: () =>
        late((items, signal) =>
          Promise.all(
            Array.from({ length: Math.ceil(items.length / 64) }, (_, i) =>
              pool.run({ method: 'mark', items: items.slice(i * 64, (i + 1) * 64) }, { signal }),
            ),
          ),
        ),
    },
  ];
  const samples = await race(runners, rounds);
  await executor.close();
  await pool.destroy();
  return {
    title: 'Cancel to last item stopped',
    note: 'Items of 0.5 ms. The executor keeps its threads; piscina ends the thread of a task that is aborted.',
    unit: 'ms',
    results: inMilliseconds(samples),
  };
}
