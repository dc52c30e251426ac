import { describe, expect, it } from '@jest/globals';
import { explore, type ExploreOptions, type Memory, type Run } from '@switchgear/core/testing';
import { layoutFor, writeHeader } from '../../src/panel/layout.js';
import type { PanelRecord } from '../../src/panel/record.js';
import { encodeText } from '../../src/panel/text.js';
import { type Declaration, NameTable } from '../../src/panel/name-table.js';
import { totalsLineOf, totalsOf } from '../../src/circuit/memory/totals-line.js';
import { Segments } from '../../src/panel/segments.js';
import { ThreadLines } from '../../src/panel/thread-lines.js';
import { died, noneThrew, returned } from '../support/transitions-of-runs.js';

const layout = layoutFor(1, 4);
const declaration: Declaration = {
  kind: 'circuit-breaker',
  head: 2,
  body: 0,
  fingerprint: 1,
  sources: 0,
  declaredAt: 0,
  policy: 0,
};

const names = (memory: Memory, thread: number): NameTable =>
  new NameTable(memory, layout, new Segments(memory, layout), thread);

/** The lines of a thread, and what it counts in them. */
function totals(memory: Memory, thread: number, parent = 0) {
  const lines = new ThreadLines(memory, new Segments(memory, layout), thread, parent);
  return {
    lineOf: (record: PanelRecord) => totalsLineOf(lines, memory, record),
    sumOf: (record: PanelRecord) => totalsOf(lines, memory, record),
    release: (ended: number) => lines.release(ended),
  };
}

function circuit(memory: Memory, name = 'geo'): PanelRecord {
  const record = names(memory, 9).findOrMake(encodeText(name), declaration);
  if (typeof record === 'string') throw new Error(record);
  return record;
}

/** A circuit, and in it what threads have counted that have ended since. */
function begin(...ended: readonly number[]) {
  return (memory: Memory): void => {
    writeHeader(memory, layout);
    const record = circuit(memory);
    for (const thread of ended) totals(memory, thread).lineOf(record).failed();
    for (const thread of ended) totals(memory, 9).release(thread);
  };
}

/** Where the circuit is that all walks begin with. */
const geo: PanelRecord = (() => {
  let record: PanelRecord | undefined;
  explore({ prepare: begin(), threads: [], check: ({ memory }) => void (record = circuit(memory)) });
  if (record === undefined) throw new Error('there is no circuit');
  return record;
})();

/** A thread that counts so many calls, and says how many it has. */
const counting =
  (thread: number, calls: number) =>
  (memory: Memory): number => {
    const line = totals(memory, thread).lineOf(geo);
    for (let i = 0; i < calls; i++) line.succeeded();
    return calls;
  };

const sumIn = (memory: Memory) => totals(memory, 9).sumOf(geo);

function walk(options: Omit<ExploreOptions<unknown>, 'check'>, check: (run: Run<unknown>) => void): void {
  const { ends } = explore<unknown>({
    ...options,
    check: (run) => {
      noneThrew(run);
      check(run);
    },
  });
  expect(ends).toBeGreaterThan(0);
}

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
