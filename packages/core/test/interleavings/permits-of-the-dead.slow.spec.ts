import { expect, it } from '@jest/globals';
import type { Memory } from '@switchgear/core/testing';
import { heldIn, PERMITS, take } from '../../src/panel/permits.js';
import { begin, holderOf, linesOf, positions, walk } from '../support/permits-in-memory.js';
import { returned } from '../support/transitions-of-runs.js';

it('permits come free once, though two threads hear of it, of which one dies itself', () => {
  const releasing = (thread: number) => (memory: Memory) => {
    linesOf(memory, thread, 5).release(1);
    return 0;
  };
  const prepare = (memory: Memory): void => {
    begin()(memory);
    take(holderOf(memory, 1), PERMITS, 2);
  };
  walk({ prepare, threads: [releasing(6), releasing(7)], deaths: 1, preemptions: 1 }, (run) => {
    linesOf(run.memory, 8).release(6);
    linesOf(run.memory, 8).release(7);
    linesOf(run.memory, 8).release(1);
    expect(heldIn(run.memory, positions.lines, PERMITS, true)).toBe(0);
  });
});

it('permits of the next thread that has the line are left to it', () => {
  const releasing = (memory: Memory): number => {
    linesOf(memory, 6, 5).release(1);
    return 0;
  };
  const next = (memory: Memory): number => {
    const line = linesOf(memory, 4).lineOf(positions.record, (at) => ({ at, detach: () => undefined }));
    if (line?.at !== positions.lines[0]) return 0;
    return take({ memory, at: line.at, lines: () => positions.lines }, PERMITS, 2) ? 1 : 0;
  };
  const prepare = (memory: Memory): void => {
    begin()(memory);
    take(holderOf(memory, 1), PERMITS, 2);
  };
  walk({ prepare, threads: [releasing, releasing, next], preemptions: 1 }, (run) => {
    const [, , took] = returned(run) as number[];
    expect(heldIn(run.memory, positions.lines, PERMITS, true)).toBe(took);
  });
});
