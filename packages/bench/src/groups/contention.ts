import { Worker } from 'node:worker_threads';
import { circuits, type CircuitBreakerPolicy } from '@switchgear/core';
import type { Effort, Group, Result, Section } from '../contestant.js';
import { figureOf } from '../figure.js';
import type { Job, Measured } from './contention-thread.js';

/** Two threads that call through one circuit, compared with the same two threads with a circuit each. */
export const contention: Group = {
  name: 'circuit/contention',
  async measure(effort) {
    const threads = [new Thread(), new Thread()];
    const sections: Section[] = [];
    for (const scene of scenes) sections.push(await play(scene, threads, effort));
    for (const thread of threads) await thread.end();
    return sections;
  },
};

interface Scene {
  readonly name: string;
  readonly goal?: number;
  readonly policy: CircuitBreakerPolicy;
  readonly failEvery: number;
}

const scenes: readonly Scene[] = [
  { name: 'no window', goal: 1.5, policy: {}, failEvery: 0 },
  { name: 'no window, every 20th call fails', policy: { failureThreshold: 1_000 }, failEvery: 20 },
  { name: 'the last 100 calls', goal: 3, policy: { window: { calls: 100 } }, failEvery: 0 },
  {
    name: 'the last 10 seconds, with slow calls',
    goal: 3,
    policy: { window: { duration: '10s' }, slowCallDuration: '1s' },
    failEvery: 0,
  },
];

/** The ns of a call, in one round. */
interface Round {
  readonly alone: number;
  readonly apart: number;
  readonly together: number;
  /** As `apart`, but after `together`. */
  readonly again: number;
}

async function play(scene: Scene, threads: readonly Thread[], effort: Effort): Promise<Section> {
  const shorter = { ...effort, slice: effort.slice / SHORTER };
  const all: Round[] = [];
  for (let i = 0; i < effort.rounds * SHORTER; i++) all.push(await playRound(scene, threads, shorter));
  const shared = `${scene.name}, together`;
  if (!circuits.keys().includes(shared)) throw new Error('the threads do not share their circuits');
  const rounds = undisturbed(all.slice(WARM_UPS));
  const result = (name: string, which: keyof Round, goal?: number): Result => ({
    name,
    goal,
    figure: figureOf(rounds.map((round) => round[which] / round.apart)),
    nanoseconds: figureOf(rounds.map((round) => round[which])),
  });
  return {
    title: `Two threads, ${scene.name}`,
    unit: '×',
    note:
      `Time of a whole call in each thread, the mean of the two. Of ${all.length} rounds ${rounds.length} count: those in ` +
      'which two threads that share nothing took hardly longer than one. In the others they had not a processor each.',
    results: [
      result('a circuit each', 'apart'),
      result('one circuit', 'together', scene.goal),
      result('one thread alone', 'alone'),
    ],
  };
}

const SHORTER = 5;
const WARM_UPS = 10;
const DISTURBED = 1.25;

/** The rounds in which each thread had a processor. Threads that take turns on one processor do not contend. */
function undisturbed(rounds: readonly Round[]): readonly Round[] {
  const limit = figureOf(rounds.map(({ alone }) => alone)).low * DISTURBED;
  const calm = rounds.filter(({ alone, apart, again }) => Math.max(alone, apart, again) < limit);
  if (calm.length === 0) console.error('contention: the threads never had a processor each');
  return calm.length === 0 ? rounds : calm;
}

async function playRound(scene: Scene, threads: readonly Thread[], effort: Effort): Promise<Round> {
  const both = (circuitOf: (index: number) => string): Promise<number> =>
    run(scene, threads, circuitOf, effort);
  return {
    alone: await run(scene, threads.slice(0, 1), () => 'alone', effort),
    apart: await both((index) => `apart ${index}`),
    together: await both(() => 'together'),
    again: await both((index) => `apart ${index}`),
  };
}

/** The ns of a call, averaged over the threads. */
async function run(
  { name, policy, failEvery }: Scene,
  threads: readonly Thread[],
  circuitOf: (index: number) => string,
  { slice }: Effort,
): Promise<number> {
  const startLine = new SharedArrayBuffer(4);
  const measured = await Promise.all(
    threads.map((thread, index) =>
      thread.run({
        policy: { ...policy, key: `${name}, ${circuitOf(index)}` },
        failEvery,
        ms: slice,
        startLine,
        threads: threads.length,
      }),
    ),
  );
  return measured.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0) / measured.length;
}

class Thread {
  readonly #worker = new Worker(new URL('./contention-thread.js', import.meta.url));

  run(job: Job): Promise<Measured> {
    return new Promise((resolve, reject) => {
      this.#worker.removeAllListeners();
      this.#worker.once('message', resolve).once('error', reject);
      this.#worker.postMessage(job);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
