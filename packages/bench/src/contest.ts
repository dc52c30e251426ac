import type { Contestant, Effort, Result, Section, Unit } from './contestant.js';
import { type Figure, figureOf, figureOfPairs } from './figure.js';
import { type Pace, race } from './rounds.js';

export interface Contest {
  readonly title: string;
  readonly note: string;
  readonly pace: Pace;
  /** With `×` and `ns more`, the others are compared with the first contestant. */
  readonly unit: Exclude<Unit, 'bytes' | 'ms'>;
  readonly contestants: readonly [Contestant, ...Contestant[]];
}

/** Measures contestants against each other. */
export async function hold(contest: Contest, effort: Effort): Promise<Section> {
  const { title, note, unit, contestants, pace } = contest;
  const samples = await race(contestants, pace, effort);
  const yardstick = samples.get(contestants[0]) ?? [];
  const results = contestants.map((contestant): Result => {
    const own = samples.get(contestant) ?? [];
    const { name, goal } = contestant;
    return { name, goal, figure: inUnit(unit, own, yardstick), nanoseconds: figureOf(own) };
  });
  return { title, note, unit, results };
}

function inUnit(unit: Contest['unit'], own: readonly number[], yardstick: readonly number[]): Figure {
  switch (unit) {
    case '×':
      return figureOfPairs(own, yardstick, (sample, other) => sample / other);
    case 'ns more':
      return figureOfPairs(own, yardstick, (sample, other) => sample - other);
    case 'µs':
      return figureOf(own.map((sample) => sample / 1000));
  }
}
