import { seededRandom } from '@switchgear/core/testing';
import type { Contestant, Effort } from './contestant.js';
import type * as Loop from './loop.js';

/** Whether each call is awaited before the next, or nothing is awaited at all. */
export type Pace = 'awaited' | 'straight';

/** The ns that a call cost, of each contestant, round by round. */
export type Samples = ReadonlyMap<Contestant, readonly number[]>;

interface Lane {
  readonly contestant: Contestant;
  readonly loop: typeof Loop;
  readonly samples: number[];
  /** The number of calls that take about a slice. */
  calls: number;
}

const WARM_UPS = 2;
/** A share of the slice. */
const RUN_UP = 0.5;
const SEED = 20_250_101;

/** Runs every contestant once a round, in an order that changes from round to round. */
export async function race(
  contestants: readonly Contestant[],
  pace: Pace,
  { rounds, slice }: Effort,
): Promise<Samples> {
  const random = seededRandom(SEED);
  const lanes = await Promise.all(contestants.map(laneOf));
  for (const lane of lanes) await calibrate(lane, pace, slice);
  for (let round = 0; round < WARM_UPS + rounds; round++) {
    for (const lane of shuffled(lanes, random)) {
      // A turn of the event loop, for timers of other contestants.
      await new Promise((resolve) => setImmediate(resolve));
      globalThis.gc?.();
      // A garbage collection also discards compiled code without objects. These calls compile it again before the sample.
      await nanosecondsOfCall({ ...lane, calls: Math.ceil(lane.calls * RUN_UP) }, pace);
      const sample = await nanosecondsOfCall(lane, pace);
      if (round >= WARM_UPS) lane.samples.push(sample);
    }
  }
  return new Map(lanes.map(({ contestant, samples }) => [contestant, samples]));
}

let copies = 0;

/** Each query of the URL makes a new module, whose functions are compiled separately. */
async function laneOf(contestant: Contestant): Promise<Lane> {
  const copy = new URL(`./loop.js?${++copies}`, import.meta.url);
  const loop = (await import(copy.href)) as typeof Loop;
  return { contestant, loop, samples: [], calls: 100 };
}

async function calibrate(lane: Lane, pace: Pace, slice: number): Promise<void> {
  for (;;) {
    const ms = ((await nanosecondsOfCall(lane, pace)) * lane.calls) / 1e6;
    if (ms >= slice) return;
    lane.calls = Math.ceil(lane.calls * Math.min(10, Math.max(1.2, (slice / ms) * 1.1)));
  }
}

/**
 * The smaller one of two times: the time that passed, in which other processes may have had the processor, and the
 * processor time of all threads of this process, with the compiler and the garbage collector.
 */
async function nanosecondsOfCall({ contestant, loop, calls }: Lane, pace: Pace): Promise<number> {
  const usedBefore = process.cpuUsage();
  const start = process.hrtime.bigint();
  const sum =
    pace === 'awaited' ? await loop.awaited(contestant.call, calls) : loop.straight(contestant.call, calls);
  const passed = Number(process.hrtime.bigint() - start);
  const used = process.cpuUsage(usedBefore);
  if (sum !== calls)
    throw new Error(`${contestant.name}: expected ${calls} calls to return 1, sum is ${sum}`);
  return Math.min(passed, (used.user + used.system) * 1_000) / calls;
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}
