import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@switchgear/core/testing';
import { faultsOf } from './checker.js';
import { executorFor, runSchedule } from './run-schedule.js';
import { scheduleOf } from './schedule.js';

/** SECONDS says how long to go on, and SEED where to begin: the seed of a failure repeats its schedule. */
const seconds = Number(process.env['SECONDS'] ?? 20);
const firstSeed = Number(process.env['SEED'] ?? 1);

describe('random schedules of deaths, aborts, slow and uncloneable items, and closes', () => {
  it(
    'come to what a serial run comes to',
    async () => {
      const end = performance.now() + seconds * 1_000;
      for (let seed = firstSeed; seed === firstSeed || performance.now() < end; seed++) {
        const schedule = scheduleOf(seed, seededRandom(seed), true);
        const faults = faultsOf(schedule, await runSchedule(schedule, executorFor(schedule, 'workers')));
        expect({ seed, faults }).toEqual({ seed, faults: [] });
      }
    },
    seconds * 1_000 + 60_000,
  );
});
