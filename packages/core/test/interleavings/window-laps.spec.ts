import { describe, expect, it } from '@jest/globals';
import { FAILED, SLOW } from '../../src/circuit/machine/count-window.js';
import type { TimeWindow } from '../../src/circuit/machine/time-window.js';
import {
  counting,
  GENERATION,
  inGeneration,
  lastCalls,
  lastFour,
  lastSecond,
  losing,
  record,
  timing,
} from '../support/windows-in-memory.js';

const { slots } = lastFour;
const PASSED = GENERATION - 1;

describe('a window of calls, in every schedule', () => {
  it('lets no outcome of the lap before count again where a dead thread has taken its number', () => {
    record({
      // A whole lap, which begins with a failure.
      prepare: inGeneration(GENERATION, (memory) => {
        counting(1, FAILED)(memory);
        counting(slots - 1)(memory);
      }),
      threads: [counting(1)],
      deaths: 1,
      check: ({ memory }) => expect(lastCalls(memory)).toEqual({ calls: 4, failures: 0, slow: 0 }),
    });
  });

  it('lets no outcome of the lap before count again where many numbers were lost', () => {
    record({
      prepare: inGeneration(GENERATION, counting(slots, FAILED)),
      threads: [counting(1), losing(slots - 2)],
      check: ({ memory }) => expect(lastCalls(memory)).toEqual({ calls: 2, failures: 1, slow: 0 }),
    });
  });

  // Laps are counted to 1,024.
  it.each([1, 2, 511, 512, 513, 1023, 1024, 1025])(
    'counts no outcome that was held up for %d laps, and loses none to it',
    (laps) => {
      record({
        threads: [
          counting(1, FAILED),
          (memory) => {
            losing(laps * slots - 1)(memory);
            counting(1)(memory);
          },
        ],
        check: ({ memory }) => {
          // It took its number before the others, which fill the laps, or among the last of them.
          const isOneOfTheLast = lastCalls(memory).calls === 2;
          expect(lastCalls(memory)).toEqual({
            calls: isOneOfTheLast ? 2 : 1,
            failures: isOneOfTheLast ? 1 : 0,
            slow: 0,
          });
        },
      });
    },
  );

  it('is not erased by outcomes of a generation that has passed', () => {
    record({
      threads: [counting(2, FAILED, PASSED), counting(4, FAILED)],
      check: ({ memory }) => expect(lastCalls(memory)).toEqual({ calls: 4, failures: 4, slow: 0 }),
    });
  });
});

describe('a window of time, in every schedule', () => {
  it.each([0, FAILED, SLOW, FAILED | SLOW])(
    'counts nothing of a generation that has passed, and is not erased by it: outcome %d',
    (outcome) => {
      record({
        threads: [timing([10, 10], outcome, PASSED), timing([10, 10], outcome)],
        deaths: 1,
        check: ({ memory, endings: [, current] }) => {
          const { calls } = lastSecond(memory, 10);
          expect(calls).toBeLessThanOrEqual(2);
          if (current.kind === 'returned') expect(calls).toBe(2);
        },
      });
    },
  );

  it.each([0, FAILED])(
    'has nothing left of a generation that passes while it is counted: outcome %d',
    (outcome) => {
      record({
        prepare: inGeneration(PASSED, timing([10], SLOW, PASSED)),
        threads: [
          timing([10], FAILED, PASSED),
          (memory) => {
            inGeneration(GENERATION)(memory);
            timing([10], outcome)(memory);
          },
        ],
        check: ({ memory }) =>
          expect(lastSecond(memory, 10)).toEqual({ calls: 1, failures: outcome === FAILED ? 1 : 0, slow: 0 }),
      });
    },
  );

  it('stands still where a counter is full', () => {
    const toThree: TimeWindow = { duration: 1000, range: 4 };
    const filling = timing([1010, 1010], FAILED, GENERATION, toThree);
    record({
      threads: [filling, filling],
      deaths: 1,
      check: ({ memory, endings }) => {
        const counted = lastSecond(memory, 1010, GENERATION, toThree).failures;
        const returned = endings.filter(({ kind }) => kind === 'returned').length;
        expect(counted).toBeLessThanOrEqual(3);
        expect(counted).toBeGreaterThanOrEqual(returned === 2 ? 3 : 2);
      },
    });
  });

  it('begins anew in the next lap where a counter was full', () => {
    const toThree: TimeWindow = { duration: 1000, range: 4 };
    record({
      prepare: inGeneration(GENERATION, timing([10, 10, 10, 10], FAILED, GENERATION, toThree)),
      threads: [timing([1010], FAILED, GENERATION, toThree), timing([1010], FAILED, GENERATION, toThree)],
      check: ({ memory }) => expect(lastSecond(memory, 1010, GENERATION, toThree).failures).toBe(2),
    });
  });

  it('counts an outcome whose first look at the counter was torn', () => {
    // Between these laps both halves of a counter change: half of each looks like a lap that is still to come.
    const [before, now] = [32_767_010, 32_768_010];
    record({
      prepare: inGeneration(GENERATION, timing([before], FAILED)),
      threads: [timing([now], FAILED), timing([now], FAILED)],
      deaths: 1,
      check: ({ memory, endings }) => {
        const returned = endings.filter(({ kind }) => kind === 'returned').length;
        expect(lastSecond(memory, now).failures).toBeGreaterThanOrEqual(returned);
        expect(lastSecond(memory, now).failures).toBeLessThanOrEqual(2);
      },
    });
  });
});
