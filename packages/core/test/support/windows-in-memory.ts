import { expect } from '@jest/globals';
import { explore, type ExploreOptions, type Memory, type Run } from '@switchgear/core/testing';
import {
  type CountWindow,
  countWindowTotals,
  recordInCountWindow,
  ringSlots,
  type WindowTotals,
} from '../../src/circuit/machine/count-window.js';
import {
  countRange,
  recordInTimeWindow,
  type TimeWindow,
  timeWindowTotals,
} from '../../src/circuit/machine/time-window.js';
import { Phase } from '../../src/circuit/memory/word.js';
import { tagOf } from '../../src/panel/word.js';
import { noneThrew } from './transitions-of-runs.js';

/** Where the window is, and the circuit's word. */
const AT = 16;
const WORD = 0;

export const GENERATION = 7;

export const lastFour: CountWindow = { calls: 4, slots: ringSlots(4) };
export const second: TimeWindow = { duration: 1000, range: countRange(1000) };

/** The circuit is in that generation, and then whatever else was before. */
export const inGeneration =
  (generation: number, before: (memory: Memory) => void = () => {}) =>
  (memory: Memory): void => {
    memory.store(WORD, tagOf(Phase.closed, generation));
    before(memory);
  };

/** A thread that records so many outcomes in the window of calls. */
export function counting(times: number, outcome = 0, generation = GENERATION) {
  return (memory: Memory): void => {
    for (let i = 0; i < times; i++) recordInCountWindow(memory, AT, lastFour, generation, outcome);
  };
}

/** Numbers that are taken in the window of calls by threads that died before they wrote an outcome. */
export const losing =
  (numbers: number) =>
  (memory: Memory): void => {
    memory.add(AT, numbers);
  };

/** A thread that records one outcome at each of the moments. */
export function timing(moments: readonly number[], outcome = 0, generation = GENERATION, window = second) {
  return (memory: Memory): void => {
    for (const now of moments) recordInTimeWindow(memory, AT, window, generation, outcome, now, WORD);
  };
}

export function lastCalls(memory: Memory, generation = GENERATION): WindowTotals {
  return countWindowTotals(memory, AT, lastFour, generation);
}

export function lastSecond(
  memory: Memory,
  now: number,
  generation = GENERATION,
  window = second,
): WindowTotals {
  return timeWindowTotals(memory, AT, window, generation, now);
}

/** Explores threads that record in a window, none of which may throw. */
export function record(
  options: Omit<ExploreOptions<void>, 'prepare'> & Partial<Pick<ExploreOptions<void>, 'prepare'>>,
): void {
  const check = (run: Run<void>): void => {
    noneThrew(run);
    options.check(run);
  };
  const { ends } = explore({ prepare: inGeneration(GENERATION), ...options, check });
  expect(ends).toBeGreaterThan(0);
}
