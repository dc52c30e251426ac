import { expect, it } from '@jest/globals';
import { explore, type Memory } from '@switchgear/core/testing';
import { layoutFor, recordAt, writeHeader } from '../../src/panel/layout.js';
import { type Declaration, NameTable } from '../../src/panel/name-table.js';
import type { PanelRecord } from '../../src/panel/record.js';
import { Segments } from '../../src/panel/segments.js';
import { closedWord, Phase } from '../../src/circuit/memory/word.js';

const layout = layoutFor(3, 1);
const FAR = 999;
const declaration: Declaration = {
  kind: 'circuit-breaker',
  head: 4,
  body: 0,
  fingerprint: 1,
  sources: 0,
  declaredAt: 0,
  policy: 0,
};

function set(memory: Memory, index: number, phase: Phase, generation: number): void {
  const { low, high } = closedWord(phase, generation, 0);
  memory.storeWide(recordAt(layout, index), low, high);
}

const names = (memory: Memory, thread: number): NameTable =>
  new NameTable(memory, layout, new Segments(memory, layout), thread);

function made(memory: Memory, thread: number): PanelRecord {
  const record = names(memory, thread).make(declaration);
  if (typeof record === 'string') throw new Error(record);
  return record;
}

it('a segment is used again with a later generation than it has seen, whenever a thread died that was about to use it', () => {
  let used = -1;
  const births: number[] = [];
  const { ends } = explore<unknown>({
    prepare: (memory) => {
      writeHeader(memory, layout);
      // The last place is in a far generation when it gets its segment, and gives both up.
      set(memory, 0, Phase.reserved, 1);
      set(memory, 1, Phase.reserved, 1);
      set(memory, 2, Phase.free, FAR - 1);
      const far = made(memory, 1);
      used = far.parts;
      names(memory, 1).remove(far, () => true);
      set(memory, 0, Phase.free, 2);
      set(memory, 1, Phase.free, 2);
    },
    // The first place, in an early generation, takes the segment over; should it not get to the end, the second does.
    threads: [(memory: Memory) => made(memory, 2)],
    deaths: 1,
    check: ({ memory, endings: [taker] }) => {
      names(memory, 8).reclaim(2);
      const table = names(memory, 8);
      const after = [
        taker.kind === 'returned' ? taker.result : table.make(declaration),
        table.make(declaration),
      ];
      for (const record of after as PanelRecord[]) {
        if (record.parts === used) births.push(record.incarnation);
      }
    },
  });
  expect(ends).toBeGreaterThan(1);
  expect(births.length).toBeGreaterThan(1);
  expect(Math.min(...births)).toBeGreaterThan(FAR);
});
