import type { Result, Section } from '../contestant.js';
import { figureOf, figureOfPairs } from '../figure.js';

export interface Runner {
  readonly name: string;
  readonly goal?: number | undefined;
  /** The number of ms that are allowed on top of the goal. */
  readonly allowance?: number | undefined;
  /** Whether the work is so short that it must run as compiled code, which a forced garbage collection would discard. */
  readonly isQuick?: boolean | undefined;
  /** @returns ms */
  run(): Promise<number>;
}

/** Runs every runner once a round, in alternating order. The first round does not count. */
export async function race(
  runners: readonly Runner[],
  rounds: number,
): Promise<ReadonlyMap<Runner, readonly number[]>> {
  const samples = new Map(runners.map((runner) => [runner, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const runner of round % 2 === 0 ? runners : [...runners].reverse()) {
      if (runner.isQuick !== true) globalThis.gc?.();
      const ms = await runner.run();
      if (round > 0) samples.get(runner)?.push(ms);
    }
  }
  return samples;
}

/** The results, compared with a bound or with the first runner. */
export async function section(
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
    const { name, goal, allowance = 0 } = runner;
    return {
      name,
      goal: goal === undefined ? undefined : goal + allowance / figureOf(first).median,
      figure: figureOfPairs(own, others, (one, other) => one / other),
      nanoseconds: figureOf(own.map((ms) => ms * 1e6)),
    };
  });
  return {
    title,
    note,
    unit: '×',
    results,
    isOfJobs: true,
    ...(bound !== undefined && { bound: 'the bound' }),
  };
}

export function inMilliseconds(samples: ReadonlyMap<Runner, readonly number[]>): readonly Result[] {
  return [...samples].map(([{ name, goal }, own]) => ({ name, goal, figure: figureOf(own) }));
}
