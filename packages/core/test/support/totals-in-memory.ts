import { expect } from '@jest/globals';
import { explore, type ExploreOptions, type Memory, type Run } from '@switchgear/core/testing';
import { layoutFor, writeHeader } from '../../src/panel/layout.js';
import type { CircuitRecord } from '../../src/panel/record.js';
import { encodeText } from '../../src/panel/text.js';
import { type Declaration, NameTable } from '../../src/panel/name-table.js';
import { Segments } from '../../src/panel/segments.js';
import { Totals } from '../../src/panel/thread-lines.js';
import { noneThrew } from './transitions-of-runs.js';

const layout = layoutFor(1, 4);
export const declaration: Declaration = {
  permits: 2,
  window: 0,
  fingerprint: 1,
  sources: 0,
  declaredAt: 0,
  policy: 0,
};

export const names = (memory: Memory, thread: number): NameTable =>
  new NameTable(memory, layout, new Segments(memory, layout), thread);

export const totals = (memory: Memory, thread: number, parent = 0): Totals =>
  new Totals(memory, new Segments(memory, layout), thread, parent);

export function circuit(memory: Memory, name = 'geo', declaredAt = 0): CircuitRecord {
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
export const geo: CircuitRecord = (() => {
  let record: CircuitRecord | undefined;
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
