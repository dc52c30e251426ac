import { describe, expect, it } from '@jest/globals';
import { explore, type Memory } from '@switchgear/core/testing';
import { FAILED } from '../../src/circuit/machine/count-window.js';
import type { MachineSettings } from '../../src/circuit/machine/transition.js';
import type { WindowSettings } from '../../src/circuit/machine/window.js';
import { closedWord, Phase } from '../../src/circuit/memory/word.js';
import { begin, BIRTH, type Did, Hands, phaseIn, recovers, settings } from '../support/circuit-in-memory.js';
import { died, noneThrew, transitionsOf } from '../support/transitions-of-runs.js';
import {
  counting,
  GENERATION,
  inGeneration,
  lastCalls,
  lastFour,
  lastSecond,
  record,
  second,
  timing,
} from '../support/windows-in-memory.js';

describe('a window of calls, in every schedule of two threads', () => {
  it('counts every outcome once', () => {
    record({
      threads: [counting(2), counting(2, FAILED)],
      check: ({ memory }) => expect(lastCalls(memory)).toEqual({ calls: 4, failures: 2, slow: 0 }),
    });
  });

  it('stays exact where the ring begins its next lap', () => {
    record({
      prepare: inGeneration(GENERATION, counting(lastFour.slots - 1)),
      threads: [counting(2, FAILED), counting(2, FAILED)],
      check: ({ memory }) => expect(lastCalls(memory)).toEqual({ calls: 4, failures: 4, slow: 0 }),
    });
  });

  it('loses to a death no more than the outcome that was being written', () => {
    record({
      threads: [counting(2, FAILED), counting(1)],
      deaths: 1,
      check: ({ memory, endings: [failing] }) => {
        const { calls, failures } = lastCalls(memory);
        expect(calls).toBeLessThanOrEqual(3);
        if (failing.kind === 'returned') expect(failures).toBe(2);
      },
    });
  });

  it('is as long as before once the number a dead thread took has gone by', () => {
    record({
      threads: [counting(1, FAILED)],
      deaths: 1,
      check: ({ memory }) => {
        counting(4)(memory);
        expect(lastCalls(memory).calls).toBe(4);
      },
    });
  });

  it('counts nothing of another generation, and is not erased by it', () => {
    record({
      threads: [counting(2, FAILED, GENERATION - 1), counting(2)],
      check: ({ memory }) => expect(lastCalls(memory)).toEqual({ calls: 2, failures: 0, slow: 0 }),
    });
  });
});

describe('a window of time, in every schedule of two threads', () => {
  it('counts every outcome once', () => {
    record({
      threads: [timing([10, 10], FAILED), timing([10, 20], FAILED)],
      check: ({ memory }) => expect(lastSecond(memory, 20)).toEqual({ calls: 4, failures: 4, slow: 0 }),
    });
  });

  it('keeps what belongs to the next bucket apart', () => {
    record({
      threads: [timing([99, 100]), timing([100, 100])],
      check: ({ memory }) => {
        expect(lastSecond(memory, 999).calls).toBe(4);
        expect(lastSecond(memory, 1000).calls).toBe(3);
      },
    });
  });

  it('lets a bucket be used again, and an outcome that comes a whole window late is not counted', () => {
    record({
      threads: [timing([10]), timing([1010, 1010])],
      check: ({ memory }) => expect(lastSecond(memory, 1010).calls).toBe(2),
    });
  });

  it('loses to a death no more than the outcome that was being written', () => {
    record({
      threads: [timing([10, 10]), timing([10])],
      deaths: 1,
      check: ({ memory, endings }) => {
        const finished = endings.map(({ kind }, index) => (kind === 'returned' ? 2 - index : 0));
        expect(lastSecond(memory, 10).calls).toBeGreaterThanOrEqual(finished[0] + finished[1]);
        expect(lastSecond(memory, 10).calls).toBeLessThanOrEqual(3);
      },
    });
  });

  it('takes two plain reads that do not belong together for what they are', () => {
    record({
      prepare: inGeneration(GENERATION, timing([10], FAILED)),
      threads: [timing([1_000_010], FAILED), timing([1_000_010], FAILED)],
      check: ({ memory }) => expect(lastSecond(memory, 1_000_010).failures).toBe(2),
    });
  });
});

describe('a window whose generations are far apart, in every schedule of two threads', () => {
  const HALF = 2 ** 18;
  const LAST = 2 ** 19 - 1;

  it.each([HALF - 1, HALF, HALF + 1, LAST])(
    'counts in generation %d, whatever was left by the first',
    (far) => {
      record({
        prepare: (memory) => {
          inGeneration(1, counting(lastFour.slots, FAILED, 1))(memory);
          inGeneration(far)(memory);
        },
        threads: [counting(2, FAILED, far), counting(2, 0, far)],
        check: ({ memory }) => expect(lastCalls(memory, far)).toEqual({ calls: 4, failures: 2, slow: 0 }),
      });
    },
  );

  it.each([HALF - 1, HALF, HALF + 1, LAST])('counts by time in generation %d as well', (far) => {
    record({
      prepare: (memory) => {
        inGeneration(1, timing([10], FAILED, 1))(memory);
        inGeneration(far)(memory);
      },
      threads: [timing([10], FAILED, far), timing([10], 0, far)],
      check: ({ memory }) => {
        const totals = lastSecond(memory, 10, far);
        expect(totals).toEqual({ calls: 2, failures: 1, slow: 0 });
      },
    });
  });

  it('counts in the generation that begins again', () => {
    record({
      prepare: (memory) => {
        inGeneration(LAST, counting(lastFour.slots, FAILED, LAST))(memory);
        inGeneration(0)(memory);
      },
      threads: [counting(2, 0, 0), counting(2, FAILED, LAST)],
      check: ({ memory }) => {
        expect(lastCalls(memory, 0)).toEqual({ calls: 2, failures: 0, slow: 0 });
      },
    });
  });
});

describe('a circuit that is judged by a window, in every schedule of two threads with a death', () => {
  const limits = { minimumCalls: 2, failureRate: 1, slowRate: undefined };
  const windows: readonly WindowSettings[] = [
    { kind: 'calls', ...lastFour, ...limits },
    { kind: 'duration', ...second, ...limits },
  ];

  function failing(of: MachineSettings) {
    return (memory: Memory): Did => {
      const hands = new Hands(memory, of);
      hands.call('failure', 10);
      return hands.did;
    };
  }

  it.each(windows)('opens exactly once when all fail: by $kind', (window) => {
    const of = settings({ window, failureThreshold: Infinity });
    explore<Did>({
      prepare: begin(closedWord(Phase.closed, BIRTH, 0)),
      threads: [failing(of), failing(of)],
      deaths: 1,
      check: (run) => {
        noneThrew(run);
        expect(transitionsOf(run).length).toBeLessThanOrEqual(1);
        if (died(run) === 0) expect(phaseIn(run.memory)).toBe(Phase.open);
        expect(recovers(run.memory, of)).toBe(true);
      },
    });
  });
});
