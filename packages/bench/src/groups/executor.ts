import { setTimeout as sleep } from 'node:timers/promises';
import { ParallelExecutor } from '@switchgear/executor';
import { seededRandom } from '@switchgear/core/testing';
import { Piscina } from 'piscina';
import type { Group, Result, Section } from '../contestant.js';
import { figureOf, figureOfPairs } from '../figure.js';
import { loop, type Method, others, ours, piscina, type Pool, WORKERS } from './executor-pools.js';
import { thread } from './executor-thread.js';
import { Work } from './executor-work.js';

/** Whole jobs, beside the pools that people would take else. */
export const executor: Group = {
  name: 'executor',
  async measure(effort) {
    const rounds = Math.max(3, Math.floor(effort.rounds / 5));
    return [
      await trivial(rounds),
      await compute(rounds),
      ...(await pareto(rounds)),
      await payload(rounds),
      await start(rounds),
      await cancel(rounds),
    ];
  },
};

const PER_ITEM: readonly string[] = ['tinypool', 'workerpool', 'poolifier'];

interface Runner {
  readonly name: string;
  readonly goal?: number | undefined;
  /** @returns ms */
  run(): Promise<number>;
}

/** Runs every runner once a round, forwards and backwards in turn; the first round does not count. */
async function race(
  runners: readonly Runner[],
  rounds: number,
): Promise<ReadonlyMap<Runner, readonly number[]>> {
  const samples = new Map(runners.map((runner) => [runner, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const runner of round % 2 === 0 ? runners : [...runners].reverse()) {
      globalThis.gc?.();
      const ms = await runner.run();
      if (round > 0) samples.get(runner)?.push(ms);
    }
  }
  return samples;
}

/** Against a bound, or against the first runner. */
async function section(
  title: string,
  note: string,
  runners: readonly Runner[],
  rounds: number,
  bound?: number,
): Promise<Section> {
  const samples = await race(runners, rounds);
  const first = samples.get(runners[0]) ?? [];
  const results = runners.map((runner): Result => {
    const own = samples.get(runner) ?? [];
    const others = bound === undefined ? first : own.map(() => bound);
    return {
      name: runner.name,
      goal: runner.goal,
      figure: figureOfPairs(own, others, (one, other) => one / other),
      nanoseconds: figureOf(own.map((ms) => ms * 1e6)),
    };
  });
  return { title, note, unit: '×', results };
}

function inMilliseconds(samples: ReadonlyMap<Runner, readonly number[]>): readonly Result[] {
  return [...samples].map(([{ name, goal }, own]) => ({ name, goal, figure: figureOf(own) }));
}

function runnerOf(pool: Pool, method: Method, items: readonly unknown[], goal?: number): Runner {
  return {
    name: pool.name,
    goal,
    async run() {
      const start = performance.now();
      const results = await pool.map(method, items);
      const ms = performance.now() - start;
      if (results.length !== items.length) throw new Error(`${pool.name}: ${results.length} results`);
      return ms;
    },
  };
}

async function withPools<T>(pools: readonly Pool[], use: (pools: readonly Pool[]) => Promise<T>): Promise<T> {
  try {
    return await use(pools);
  } finally {
    for (const pool of pools) await pool.close();
  }
}

function trivial(rounds: number): Promise<Section> {
  const items = Array.from({ length: 100_000 }, (_, i) => i);
  return withPools([loop(), ours('auto'), ours('workers'), ...others()], (pools) => {
    // A task for each item takes seconds with all of them; one is enough to show it.
    const shown = pools.filter(({ name }) => name === 'piscina' || !PER_ITEM.includes(name));
    return section(
      '100,000 trivial items',
      'Each adds one. Threads can only lose here, and the executor has to see that.',
      shown.map((pool, i) => runnerOf(pool, 'trivial', items, i === 1 ? 1.3 : undefined)),
      rounds,
    );
  });
}

function compute(rounds: number): Promise<Section> {
  const items = Array.from({ length: 2_000 }, () => 1);
  return withPools([ours('auto'), ours('workers'), ...others()], (pools) =>
    section(
      '2,000 items of 1 ms',
      'Against the bound: two threads that never wait. 1.03 is an efficiency of 0.97.',
      pools.map((pool, i) => runnerOf(pool, 'compute', items, i < 2 ? 1.03 : undefined)),
      rounds,
      2_000 / WORKERS,
    ),
  );
}

/** Most are short, and a few take most of the time. */
async function pareto(rounds: number): Promise<readonly Section[]> {
  const random = seededRandom(7);
  const drawn = Array.from({ length: 1_000 }, () => 0.1 * (1 - random()) ** (-1 / 0.75));
  const longest = 200;
  const capped = drawn.map((ms) => Math.min(ms, longest));
  const sorted = [...capped].sort((one, other) => one - other);
  const sections: Section[] = [];
  for (const [order, items] of [
    ['random', capped],
    ['ascending', sorted],
    ['descending', [...sorted].reverse()],
  ] as const) {
    const bound = Math.max(sorted.reduce((sum, ms) => sum + ms, 0) / WORKERS, sorted.at(-1) ?? 0);
    sections.push(
      await withPools([ours('workers'), ...piscina()], (pools) =>
        section(
          `1,000 Pareto items, ${order} order`,
          `Most take 0.1 ms, the longest ${longest} ms. Against the bound: half of the sum.`,
          pools.map((pool, i) => runnerOf(pool, 'compute', items, i === 0 ? 1.04 : undefined)),
          rounds,
          bound,
        ),
      ),
    );
  }
  return sections;
}

function payload(rounds: number): Promise<Section> {
  const items = Array.from({ length: 200 }, (_, i) => new Uint8Array(100_000).fill(i));
  const executor = new ParallelExecutor({ workers: WORKERS });
  const over: Pool = {
    name: '`executor.map`, both ways handed over',
    map: (_, given) =>
      executor.map(
        Work,
        'invertOver',
        given.map((bytes) => (bytes as Uint8Array).slice()),
        {
          placement: 'workers',
          transfer: (bytes) => [bytes.buffer as ArrayBuffer],
        },
      ),
    close: () => executor.close(),
  };
  return withPools([loop(), ours('auto'), ours('workers'), over, ...others()], (pools) =>
    section(
      '200 items of 100 kB',
      'Each is inverted, and comes back. To hand over spares one copy; the line that does copies before, so that there is something to hand over.',
      pools.map((pool) => runnerOf(pool, 'invert', items)),
      rounds,
    ),
  );
}

/** From nothing to the first result of two workers. */
async function start(rounds: number): Promise<Section> {
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
  ];
  const samples = await race(runners, rounds);
  return {
    title: 'Start to first result',
    note: 'A pool of two workers that do not run yet, and one item.',
    unit: 'ms',
    results: inMilliseconds(samples),
  };
}

/** How long items of half a millisecond go on after the abort. */
async function cancel(rounds: number): Promise<Section> {
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
