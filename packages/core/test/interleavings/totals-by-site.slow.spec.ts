import { describe, expect, it } from '@jest/globals';
import type { Memory } from '@switchgear/core/testing';
import { encodeText } from '../../src/panel/text.js';
import { begin, counting, declaration, geo, names, totals, walk } from '../support/totals-in-memory.js';
import { died, returned } from '../support/transitions-of-runs.js';

describe('the totals of a line of code, in every schedule with a death at any moment', () => {
  /** All calls, and those of circuits that have gone. */
  const bySite = (memory: Memory): readonly [all: number, others: number] => {
    const { all, others } = totals(memory, 9).bySite().get(0) ?? {};
    return [all?.succeeded ?? 0, others?.succeeded ?? 0];
  };

  /** A thread that calls a circuit, removes it, and calls the next one in the same line of totals. */
  const succeeding = (memory: Memory): number => {
    const mine = totals(memory, 1);
    mine.lineOf(geo).succeeded();
    if (!names(memory, 1).remove(geo, () => true)) return 1;
    const record = names(memory, 1).findOrMake(encodeText('new'), declaration);
    if (typeof record === 'object') mine.lineOf(record).succeeded();
    return 2;
  };

  it('never fall while circuits go and come', () => {
    const reading = (memory: Memory): readonly number[] => {
      const [all, others] = bySite(memory);
      const [allLater, othersLater] = bySite(memory);
      return [allLater - all, othersLater - others, allLater];
    };
    walk({ prepare: begin(), threads: [reading, succeeding], preemptions: 2 }, (run) => {
      const [reader] = run.endings;
      if (reader.kind !== 'returned') return;
      for (const growth of reader.result as readonly number[]) expect(growth).toBeGreaterThanOrEqual(0);
    });
  });

  it('keep the calls of an earlier circuit while its line passes to the next one', () => {
    const prepare = (memory: Memory): void => {
      begin()(memory);
      totals(memory, 7).lineOf(geo).succeeded();
      totals(memory, 9).release(7);
      names(memory, 9).remove(geo, () => true);
      names(memory, 9).findOrMake(encodeText('new'), declaration);
    };
    const calling = (memory: Memory): number => {
      const record = names(memory, 2).find('circuit-breaker', encodeText('new'));
      if (record !== undefined) totals(memory, 2).lineOf(record).succeeded();
      return 1;
    };
    walk({ prepare, threads: [bySite, calling], deaths: 1 }, ({ endings: [reader] }) => {
      if (reader.kind !== 'returned') return;
      const [all, others] = reader.result as ReturnType<typeof bySite>;
      expect([all >= 1, others]).toEqual([true, 1]);
    });
  });

  it('have every call once, whether or not its circuit still exists', () => {
    walk({ prepare: begin(7), threads: [succeeding, counting(2, 1)], deaths: 1, preemptions: 2 }, (run) => {
      const [all, others] = bySite(run.memory);
      const counted = (returned(run) as number[]).reduce((sum, calls) => sum + calls, 0);
      // The second thread may come too late for its circuit: then it counts nowhere.
      expect(all).toBeGreaterThanOrEqual(run.endings[0].kind === 'returned' ? 2 : 0);
      expect(all).toBeLessThanOrEqual(3);
      if (died(run) === 0) expect(all).toBeLessThanOrEqual(counted);
      expect(others).toBeLessThanOrEqual(all);
    });
  });
});
