import { expect } from '@jest/globals';
import { explore, type ExploreOptions, type Memory, type Run } from '@switchgear/core/testing';
import { layoutFor, writeHeader } from '../../src/panel/layout.js';
import { type Declaration, NameTable } from '../../src/panel/name-table.js';
import { beginPermits, PermitLine } from '../../src/panel/permit-line.js';
import { type Holder } from '../../src/panel/permits.js';
import type { PanelRecord } from '../../src/panel/record.js';
import { Segments } from '../../src/panel/segments.js';
import { encodeText } from '../../src/panel/text.js';
import { ThreadLines } from '../../src/panel/thread-lines.js';
import { noneThrew } from './transitions-of-runs.js';

const layout = layoutFor(1, 4);
const declaration: Declaration = {
  kind: 'bulkhead',
  begin: beginPermits,
  head: 0,
  body: 0,
  fingerprint: 1,
  sources: 0,
  declaredAt: 0,
  policy: 0,
};

/** A cell that nothing else uses: how many threads are inside. */
export const INSIDE = 100_000;
export const MOST = INSIDE + 1;

export const linesOf = (memory: Memory, thread: number, parent = 0): ThreadLines =>
  new ThreadLines(memory, new Segments(memory, layout), thread, parent);

function bulkhead(memory: Memory): PanelRecord {
  const names = new NameTable(memory, layout, new Segments(memory, layout), 9);
  const record = names.findOrMake(encodeText('geo'), declaration);
  if (typeof record === 'string') throw new Error(record);
  return record;
}

/** The record and the lines of threads 1 to 3 are there before the walks begin; lines that come late are walked in totals.spec.ts. */
export const positions: { readonly record: PanelRecord; readonly lines: readonly number[] } = (() => {
  let found: { readonly record: PanelRecord; readonly lines: readonly number[] } | undefined;
  explore({
    threads: [],
    check: ({ memory }) => {
      begin()(memory);
      const record = bulkhead(memory);
      found = { record, lines: [...linesOf(memory, 9).linesOf(record)].reverse() };
    },
  });
  if (found === undefined) throw new Error('there is no bulkhead');
  return found;
})();

/** Threads 1 to 3 have a line each; `kept` permits are kept by thread 3. */
export function begin(kept = 0): (memory: Memory) => void {
  return (memory) => {
    writeHeader(memory, layout);
    const record = bulkhead(memory);
    for (const thread of [1, 2, 3])
      linesOf(memory, thread).lineOf(record, (at) => ({ at, detach: () => undefined }));
    const [last] = linesOf(memory, 9).linesOf(record);
    memory.store(last + PermitLine.permits, kept << 20);
  };
}

export const holderOf = (memory: Memory, thread: number, lines = 2): Holder => ({
  memory,
  at: positions.lines[thread - 1],
  lines: () => positions.lines.slice(0, lines),
});

export function walk(
  options: Omit<ExploreOptions<number>, 'check'>,
  check: (run: Run<number>) => void,
): void {
  const { ends } = explore<number>({
    prepare: begin(),
    ...options,
    check: (run) => {
      noneThrew(run);
      expect(run.memory.load(MOST)).toBe(0);
      check(run);
    },
  });
  expect(ends).toBeGreaterThan(1);
}
