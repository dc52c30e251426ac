import { ParallelExecutor } from '@switchgear/executor';
import { seededRandom } from '@switchgear/core/testing';
import type { Group, Section } from '../contestant.js';
import { cancel, start } from './executor-latency.js';
import { loop, type Method, others, ours, piscina, type Pool, WORKERS } from './executor-pools.js';
import { type Runner, section } from './executor-race.js';
import { runs } from './executor-runs.js';
import { Work } from './executor-work.js';

/** Whole jobs, compared with other pools. */
export const executor: Group = {
  name: 'executor',
  async measure(effort) {
    const rounds = Math.max(3, Math.floor(effort.rounds / 5));
    return [
      await trivial(rounds),
      await compute(rounds),
      ...(await pareto(rounds)),
      await payload(rounds),
      await runs(rounds),
      await start(rounds),
      await cancel(rounds),
    ];
  },
};

const PER_ITEM: readonly string[] = ['tinypool', 'workerpool', 'poolifier'];

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

async function trivial(rounds: number): Promise<Section> {
  const items = Array.from({ length: 100_000 }, (_, i) => i);
  const title = '100,000 trivial items';
  const note =
    'Each adds one. Threads can only lose here, and the executor has to see that. It may take 1.3 times as long as the loop, and 1 ms.';
  const runner = (pool: Pool): Runner => runnerOf(pool, 'trivial', items);
  // A task for each item takes seconds in all pools. One pool is enough to show that.
  const isShown = ({ name }: Pool): boolean => !PER_ITEM.includes(name);
  // Jobs of a few milliseconds run more often, together with the loop that they are compared with.
  const quick = await withPools([loop(), ours('auto')], ([plain, own]) => {
    const runners = [runner(plain), { ...runner(own), goal: 1.3, allowance: 1 }];
    return section(
      title,
      note,
      runners.map((each) => ({ ...each, isQuick: true })),
      rounds * 10,
    );
  });
  const rest = await withPools([loop(), ours('workers'), ...others()], (pools) =>
    section(title, note, pools.filter(isShown).map(runner), rounds),
  );
  return { ...quick, results: [...quick.results, ...rest.results.slice(1)] };
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
    sections.push(
      await withPools([ours('workers'), ...piscina()], (pools) =>
        section(
          `1,000 Pareto items, ${order} order`,
          `Most take 0.1 ms, the longest ${longest} ms. Against the bound: two threads that take the next item as soon as they are free, and lose no time. Who does not know what items take can do no better.`,
          pools.map((pool, i) => runnerOf(pool, 'compute', items, i === 0 ? 1.04 : undefined)),
          rounds,
          boundOf(items),
        ),
      ),
    );
  }
  return sections;
}

/** The time of the last end, if each free thread takes the next item. */
function boundOf(items: readonly number[]): number {
  const ends = new Array<number>(WORKERS).fill(0);
  for (const ms of items) ends[ends.indexOf(Math.min(...ends))] += ms;
  return Math.max(...ends);
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
