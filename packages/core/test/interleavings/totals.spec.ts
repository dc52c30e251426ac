import { describe, expect, it } from '@jest/globals';
import { explore, type Memory } from '@switchgear/core/testing';
import { encodeText } from '../../src/panel/text.js';
import type { PanelRecord } from '../../src/panel/record.js';
import {
  begin,
  circuit,
  counting,
  declaration,
  geo,
  names,
  sumIn,
  totals,
  walk,
} from '../support/totals-in-memory.js';
import { died, returned } from '../support/transitions-of-runs.js';

describe('the totals of threads, in every schedule with a death at any moment', () => {
  it('add up', () => {
    walk(
      { prepare: begin(), threads: [counting(1, 2), counting(2, 1)], deaths: 1, preemptions: 2 },
      (run) => {
        const { succeeded } = sumIn(run.memory);
        const told = (returned(run) as number[]).reduce((sum, calls) => sum + calls, 0);
        expect(succeeded).toBeGreaterThanOrEqual(told);
        expect(succeeded).toBeLessThanOrEqual(3);
        if (died(run) === 0) expect(succeeded).toBe(3);
      },
    );
  });

  it('never fall while a reader sums them', () => {
    const reading = (memory: Memory): number => {
      const table = totals(memory, 3);
      const before = table.sumOf(geo).succeeded;
      return table.sumOf(geo).succeeded - before;
    };
    walk({ prepare: begin(), threads: [reading, counting(1, 2)], deaths: 1 }, ({ endings: [reader] }) => {
      if (reader.kind === 'returned') expect(reader.result).toBeGreaterThanOrEqual(0);
    });
  });

  it('go on in the line of a thread that has ended, and in it only one goes on', () => {
    walk({ prepare: begin(7), threads: [counting(1, 1), counting(2, 1)], deaths: 1 }, (run) => {
      expect(sumIn(run.memory)).toMatchObject({ failed: 1 });
      if (died(run) === 0) expect(sumIn(run.memory)).toMatchObject({ succeeded: 2, failed: 1 });
    });
  });

  it('keep what a thread has counted that is released while another one calls', () => {
    const releasing = (memory: Memory): number => {
      totals(memory, 3).release(7);
      return 0;
    };
    const prepare = (memory: Memory): void => {
      begin()(memory);
      totals(memory, 7).lineOf(geo).failed();
    };
    walk({ prepare, threads: [releasing, counting(1, 1)], deaths: 1 }, (run) => {
      expect(sumIn(run.memory).failed).toBe(1);
      if (run.endings[1].kind === 'returned') expect(sumIn(run.memory).succeeded).toBe(1);
    });
  });

  it('of a circuit that makes room for another are none of that one', () => {
    const evicting = (memory: Memory): number => {
      const table = names(memory, 2);
      if (!table.remove(geo, () => true)) return 0;
      const record = table.findOrMake(encodeText('new'), declaration);
      if (typeof record === 'object') totals(memory, 2).lineOf(record).refused();
      return typeof record === 'object' ? 1 : 0;
    };
    walk({ prepare: begin(7), threads: [counting(1, 1), evicting], deaths: 1 }, (run) => {
      const table = names(run.memory, 9);
      const record = table.find('circuit-breaker', encodeText('new'));
      if (record === undefined) return;
      const sum = totals(run.memory, 9).sumOf(record);
      expect([sum.succeeded, sum.failed]).toEqual([0, 0]);
      if (run.endings[1].kind === 'returned') expect(sum.refused).toBe(run.endings[1].result);
    });
  });
});

describe('lines', () => {
  const inMemory = (act: (memory: Memory) => void): void => {
    explore({ prepare: begin(), threads: [], check: ({ memory }) => act(memory) });
  };

  it('of a thread that a dead thread had started are released with its own', () => {
    inMemory((memory) => {
      totals(memory, 5, 4).lineOf(geo).failed();
      totals(memory, 6, 5).lineOf(geo).failed();
      totals(memory, 9).release(4);
      const before = totals(memory, 1).lineOf(geo).at;
      totals(memory, 1).lineOf(geo).succeeded();
      expect([sumIn(memory).failed, before > 0]).toEqual([2, true]);
    });
  });

  it('serve another circuit when theirs has gone', () => {
    inMemory((memory) => {
      const mine = totals(memory, 1);
      const seen = new Set<number>();
      let record = geo;
      for (let i = 0; i < 50; i++) {
        seen.add(mine.lineOf(record).at);
        names(memory, 9).remove(record, () => true);
        record = circuit(memory, `circuit ${i}`);
        expect(mine.sumOf(record).succeeded).toBe(0);
      }
      expect(seen.size).toBeLessThan(3);
    });
  });

  it('serve only circuits of the same line of code', () => {
    inMemory((memory) => {
      const mine = totals(memory, 1);
      const { at } = mine.lineOf(geo);
      const isServedBy = (record: PanelRecord): boolean => {
        const { at: served } = mine.lineOf(record);
        names(memory, 9).remove(record, () => true);
        return served === at;
      };
      names(memory, 9).remove(geo, () => true);
      expect([isServedBy(circuit(memory, 'elsewhere', 5)), isServedBy(circuit(memory, 'here'))]).toEqual([
        false,
        true,
      ]);
    });
  });

  it('keep what they have counted for circuits that have gone', () => {
    inMemory((memory) => {
      const mine = totals(memory, 1);
      let record = geo;
      for (let calls = 1; calls <= 3; calls++) {
        const line = mine.lineOf(record);
        for (let i = 0; i < calls; i++) line.succeeded();
        if (calls === 3) break;
        names(memory, 9).remove(record, () => true);
        record = circuit(memory, `circuit ${calls}`);
      }
      expect(mine.sumOf(record).succeeded).toBe(3);
      expect(mine.bySite().get(0)).toMatchObject({ all: { succeeded: 6 }, others: { succeeded: 3 } });
    });
  });

  const isHandedOn = (memory: Memory, line: number): boolean => totals(memory, 8).lineOf(geo).at === line;

  it("of a thread whose end was not heard of are released when no older worker of the panel's thread lives", () => {
    inMemory((memory) => {
      // Thread 6 has the panel of thread 4, and was started by a worker of thread 4 that knows nothing of circuits.
      const { at } = totals(memory, 6, 4).lineOf(geo);
      totals(memory, 4).release(7, 5);
      const before = isHandedOn(memory, at);
      totals(memory, 4).release(5, Infinity);
      expect([before, isHandedOn(memory, at)]).toEqual([false, true]);
    });
  });

  it('of the living workers of a thread are not released by the end of another one', () => {
    inMemory((memory) => {
      const { at } = totals(memory, 6, 4).lineOf(geo);
      totals(memory, 4).release(5, 6);
      expect(isHandedOn(memory, at)).toBe(false);
    });
  });

  it('of a thread that ends by itself are given up by the thread', () => {
    inMemory((memory) => {
      const ending = totals(memory, 6, -1);
      const line = ending.lineOf(geo);
      const { at } = line;
      line.failed();
      ending.leave();
      line.failed();
      ending.lineOf(geo).failed();
      expect([isHandedOn(memory, at), sumIn(memory).failed]).toEqual([true, 1]);
    });
  });

  it('count nothing any more for those who still hold them then', () => {
    inMemory((memory) => {
      const mine = totals(memory, 1);
      const old = mine.lineOf(geo);
      names(memory, 9).remove(geo, () => true);
      const record = circuit(memory, 'new');
      mine.lineOf(record);
      old.succeeded();
      expect(mine.sumOf(record).succeeded).toBe(0);
    });
  });
});
