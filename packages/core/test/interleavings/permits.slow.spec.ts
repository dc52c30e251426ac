import { describe, expect, it } from '@jest/globals';
import type { Memory, Run } from '@switchgear/core/testing';
import { giveBack, PERMITS, take } from '../../src/panel/permits.js';
import { begin, holderOf, INSIDE, linesOf, MOST, walk } from '../support/permits-in-memory.js';
import { returned } from '../support/transitions-of-runs.js';

/** A thread that makes calls one after the other, and says how many were admitted. */
const calling =
  (thread: number, calls: number, max: number, keep = 0, lines = 2) =>
  (memory: Memory): number => {
    const holder = holderOf(memory, thread, lines);
    let admitted = 0;
    for (let i = 0; i < calls; i++) {
      if (!take(holder, PERMITS, max)) continue;
      admitted++;
      const inside = memory.add(INSIDE, 1) + 1;
      if (inside > max) memory.store(MOST, inside);
      memory.add(INSIDE, -1);
      giveBack(holder, PERMITS, keep);
    }
    return admitted;
  };

/** A thread that takes a permit and does not give it back. */
const holding =
  (thread: number, max: number, lines = 2) =>
  (memory: Memory): number =>
    take(holderOf(memory, thread, lines), PERMITS, max) ? 1 : 0;

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

/** After the dead threads were heard of, all permits can be had, and no more. */
function allCanBeHad({ memory, endings }: Run<number>, max: number): void {
  const dead = endings.flatMap(({ kind }, i) => (kind === 'died' ? [i + 1] : []));
  for (const thread of dead) linesOf(memory, 8).release(thread);
  const holder = holderOf(memory, 3, 3);
  let got = 0;
  while (take(holder, PERMITS, max)) got++;
  const holds = endings.map((ending) => (ending.kind === 'returned' ? ending.result : 0));
  expect(got).toBe(max - sum(holds));
}

describe('permits, in every schedule', () => {
  it('are never refused to threads that need no more than there are', () => {
    walk({ threads: [calling(1, 2, 2), calling(2, 2, 2)], preemptions: 2 }, (run) => {
      expect(returned(run)).toEqual([2, 2]);
    });
  });

  it('are never refused where another thread keeps them', () => {
    walk({ threads: [calling(1, 2, 2, 1), calling(2, 2, 2, 1)], preemptions: 2 }, (run) => {
      expect(returned(run)).toEqual([2, 2]);
    });
    walk(
      { prepare: begin(2), threads: [calling(1, 1, 2, 0, 3), calling(2, 1, 2, 0, 3)], preemptions: 2 },
      (run) => {
        expect(returned(run)).toEqual([1, 1]);
      },
    );
  });

  it('are never one too many', () => {
    walk({ threads: [calling(1, 2, 1, 1), calling(2, 2, 1, 1)], preemptions: 2 }, (run) => {
      expect(sum(returned(run) as number[])).toBeGreaterThan(1);
    });
    walk({ threads: [holding(1, 2, 3), holding(2, 2, 3), holding(3, 2, 3)], preemptions: 2 }, (run) => {
      expect(sum(returned(run) as number[])).toBe(2);
    });
  });

  it('go to one of two threads that ask for the last of them', () => {
    walk({ threads: [holding(1, 1), holding(2, 1)], preemptions: 3 }, (run) => {
      expect(sum(returned(run) as number[])).toBe(1);
    });
  });
});

describe('permits, with a death at any moment', () => {
  it('are not refused because of a thread that died while it asked', () => {
    walk({ threads: [holding(1, 2), calling(2, 1, 2)], deaths: 1, preemptions: 2 }, (run) => {
      if (run.endings[1].kind === 'returned') expect(run.endings[1].result).toBe(1);
    });
  });

  it('come free when the death is heard of', () => {
    walk({ threads: [holding(1, 2), holding(2, 2)], deaths: 1, preemptions: 2 }, (run) => {
      allCanBeHad(run, 2);
    });
  });
});
