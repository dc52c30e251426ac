import { expect } from '@jest/globals';
import { explore, type ExploreOptions, type Memory, type Run } from '@switchgear/core/testing';
import { layoutFor, writeHeader } from '../../src/panel/layout.js';
import type { PanelRecord } from '../../src/panel/record.js';
import { encodeText } from '../../src/panel/text.js';
import { type Declaration, NameTable } from '../../src/panel/name-table.js';
import { totalsBySite, totalsLineOf, totalsOf } from '../../src/circuit/memory/totals-line.js';
import { Segments } from '../../src/panel/segments.js';
import { ThreadLines } from '../../src/panel/thread-lines.js';
import { noneThrew } from './transitions-of-runs.js';

const layout = layoutFor(1, 4);
export const declaration: Declaration = {
  kind: 'circuit-breaker',
  head: 2,
  body: 0,
  fingerprint: 1,
  sources: 0,
  declaredAt: 0,
  policy: 0,
};

export const names = (memory: Memory, thread: number): NameTable =>
  new NameTable(memory, layout, new Segments(memory, layout), thread);

/** The lines of a thread, and what it counts in them. */
export function totals(memory: Memory, thread: number, parent = 0) {
  const lines = new ThreadLines(memory, new Segments(memory, layout), thread, parent);
  return {
    lineOf: (record: PanelRecord) => totalsLineOf(lines, memory, record),
    sumOf: (record: PanelRecord) => totalsOf(lines, memory, record),
    bySite: () => totalsBySite(lines, memory),
    release: (ended: number, oldest?: number) => lines.release(ended, oldest),
    leave: () => lines.leave(),
  };
}

export function circuit(memory: Memory, name = 'geo', declaredAt = 0): PanelRecord {
  const record = names(memory, 9).findOrMake(encodeText(name), { ...declaration, declaredAt });
  if (typeof record === 'string') throw new Error(record);
  return record;
}

/** A circuit, and in it what threads have counted that have ended since. */
export function begin(...ended: readonly number[]) {
  return (memory: Memory): void => {
    writeHeader(memory, layout);
    const record = circuit(memory);
    for (const thread of ended) totals(memory, thread).lineOf(record).failed();
    for (const thread of ended) totals(memory, 9).release(thread);
  };
}

/** Where the circuit is that all walks begin with. */
export const geo: PanelRecord = (() => {
  let record: PanelRecord | undefined;
  explore({ prepare: begin(), threads: [], check: ({ memory }) => void (record = circuit(memory)) });
  if (record === undefined) throw new Error('there is no circuit');
  return record;
})();

/** A thread that counts so many calls, and says how many it has. */
export const counting =
  (thread: number, calls: number) =>
  (memory: Memory): number => {
    const line = totals(memory, thread).lineOf(geo);
    for (let i = 0; i < calls; i++) line.succeeded();
    return calls;
  };

export const sumIn = (memory: Memory) => totals(memory, 9).sumOf(geo);

export function walk(
  options: Omit<ExploreOptions<unknown>, 'check'>,
  check: (run: Run<unknown>) => void,
): void {
  const { ends } = explore<unknown>({
    ...options,
    check: (run) => {
      noneThrew(run);
      check(run);
    },
  });
  expect(ends).toBeGreaterThan(0);
}
