import { describe, expect, it } from '@jest/globals';
import { explore, type Memory, type Run } from '@switchgear/core/testing';
import { admit } from '../../src/circuit/machine/admission.js';
import { settle } from '../../src/circuit/machine/settlement.js';
import { type Layout, layoutFor, writeHeader } from '../../src/panel/layout.js';
import { type PanelRecord, RECORD_CELLS } from '../../src/panel/record.js';
import { encodeText } from '../../src/panel/text.js';
import { closedWord, failuresOf, Phase, phaseOf } from '../../src/circuit/memory/word.js';
import { generationOf, readWord } from '../../src/panel/word.js';
import { type Declaration, type Made, NameTable } from '../../src/panel/name-table.js';
import { Segments } from '../../src/panel/segments.js';
import { settings } from '../support/circuit-in-memory.js';
import { died, noneThrew, returned } from '../support/transitions-of-runs.js';

const declaration: Declaration = {
  kind: 'circuit-breaker',
  head: 4,
  body: 0,
  fingerprint: 1,
  sources: 0,
  declaredAt: 0,
  policy: 0,
};

/** A table of a few places, as one thread sees it. */
function table(memory: Memory, places: number, thread = 1): NameTable {
  const layout = layoutFor(places, 4);
  return new NameTable(memory, layout, new Segments(memory, layout), thread);
}

function empty(places: number) {
  return (memory: Memory): void => writeHeader(memory, layoutFor(places, 4));
}

const make =
  (name: string, places: number, thread: number) =>
  (memory: Memory): Made =>
    table(memory, places, thread).findOrMake(encodeText(name), declaration);

/** All names that stand in the table, each as often as it stands there. */
function namesIn(memory: Memory, places: number): readonly string[] {
  const layout: Layout = layoutFor(places, 4);
  const names = table(memory, places, 9);
  // Whoever passes finishes what was committed.
  names.find('circuit-breaker', encodeText('passer-by'));
  return Array.from(
    { length: places },
    (_, index) => names.nameAt(layout.records + index * RECORD_CELLS)?.name ?? '',
  )
    .filter((name) => name !== '')
    .sort();
}

function isPlace(made: Made): made is PanelRecord {
  return typeof made === 'object';
}

/** After dead threads were reclaimed, every place that has no name serves again. */
function canBeFilled(memory: Memory, places: number): boolean {
  const names = table(memory, places, 9);
  for (const thread of [1, 2, 3]) names.reclaim(thread);
  const { records } = layoutFor(places, 4);
  const phases = Array.from({ length: places }, (_, index) =>
    phaseOf(readWord(memory, records + index * RECORD_CELLS).low),
  );
  const free = phases.filter((phase) => phase === Phase.free);
  return free.every(() => isPlace(names.make(declaration))) && names.make(declaration) === 'no record';
}

function walk(
  places: number,
  prepare: (memory: Memory) => void,
  threads: readonly ((memory: Memory) => unknown)[],
  check: (run: Run<unknown>) => void,
  bounds: { deaths?: number; preemptions?: number } = { deaths: 1 },
): void {
  const { ends } = explore<unknown>({
    prepare: (memory) => {
      empty(places)(memory);
      prepare(memory);
    },
    threads,
    ...bounds,
    check: (run) => {
      noneThrew(run);
      const names = namesIn(run.memory, places);
      expect(new Set(names).size).toBe(names.length);
      check(run);
      expect(canBeFilled(run.memory, places)).toBe(true);
    },
  });
  expect(ends).toBeGreaterThan(1);
}

describe('in every schedule of two threads, with a death at any moment', () => {
  it('a name that two threads make is one circuit', () => {
    walk(
      2,
      () => {},
      [make('a', 2, 1), make('a', 2, 2)],
      (run) => {
        const places = returned(run) as readonly PanelRecord[];
        expect(new Set(places.map(({ at }) => at)).size).toBeLessThanOrEqual(1);
        if (places.length > 0) expect(namesIn(run.memory, 2)).toEqual(['a']);
      },
    );
  });

  it('two names that two threads make are two circuits', () => {
    walk(
      2,
      () => {},
      [make('a', 2, 1), make('b', 2, 2)],
      (run) => {
        if (died(run) === 0) expect(namesIn(run.memory, 2)).toEqual(['a', 'b']);
        const places = returned(run) as readonly PanelRecord[];
        expect(new Set(places.map(({ at }) => at)).size).toBe(places.length);
      },
    );
  });

  it('the last place goes to one of two, and the other is told', () => {
    walk(
      1,
      () => {},
      [make('a', 1, 1), make('b', 1, 2)],
      (run) => {
        const made = returned(run) as readonly Made[];
        expect(made.filter(isPlace).length).toBeLessThanOrEqual(1);
        if (died(run) === 0) expect(namesIn(run.memory, 1)).toHaveLength(1);
      },
    );
  });

  it('a name is found whole or not at all while it is made', () => {
    const find = (memory: Memory): PanelRecord | undefined =>
      table(memory, 2, 2).find('circuit-breaker', encodeText('some-name'));
    walk(
      2,
      () => {},
      [make('some-name', 2, 1), find],
      ({ memory, endings: [maker, finder] }) => {
        if (finder.kind !== 'returned' || finder.result === undefined) return;
        expect(namesIn(memory, 2)).toEqual(['some-name']);
        if (maker.kind === 'returned') expect(finder.result).toEqual(maker.result);
      },
    );
  });

  it('a name that is removed and made at once stands once or not at all', () => {
    const remove = (memory: Memory): boolean => {
      const names = table(memory, 2, 2);
      const record = names.find('circuit-breaker', encodeText('a'));
      return record !== undefined && names.remove(record, () => true);
    };
    const prepared = (memory: Memory): void => void make('a', 2, 3)(memory);
    walk(2, prepared, [make('a', 2, 1), remove], ({ memory }) => {
      expect(namesIn(memory, 2).length).toBeLessThanOrEqual(1);
    });
  });

  it('a place that comes free is taken by one of two names', () => {
    const prepared = (memory: Memory): void => void make('old', 1, 3)(memory);
    const replace = (name: string, thread: number) => (memory: Memory) => {
      const names = table(memory, 1, thread);
      const old = names.find('circuit-breaker', encodeText('old'));
      if (old !== undefined) names.remove(old, () => true);
      return names.findOrMake(encodeText(name), declaration);
    };
    walk(1, prepared, [replace('a', 1), replace('b', 2)], (run) => {
      expect((returned(run) as readonly Made[]).filter(isPlace).length).toBeLessThanOrEqual(1);
    });
  });

  it('circuits without a name never share a place or a segment', () => {
    const nameless = (thread: number) => (memory: Memory) => table(memory, 2, thread).make(declaration);
    walk(
      2,
      () => {},
      [nameless(1), nameless(2)],
      (run) => {
        const places = (returned(run) as readonly Made[]).filter(isPlace);
        expect(new Set(places.map(({ at }) => at)).size).toBe(places.length);
        expect(new Set(places.map(({ parts: permits }) => permits)).size).toBe(places.length);
      },
    );
  });

  it('the outcome of a removed circuit does not reach the one that stands in its place', () => {
    const of = settings({ failureThreshold: 1, permits: 2 });
    const prepared = (memory: Memory): void => void make('old', 1, 3)(memory);
    const late = (memory: Memory): void => {
      const record = table(memory, 1, 1).find('circuit-breaker', encodeText('old'));
      if (record === undefined) return;
      const machine = { memory, record, settings: of };
      const admission = admit(machine, 0, () => {});
      if (admission.kind === 'admitted') settle(machine, admission.admission, 'failure', false, 0, () => {});
    };
    const replace = (memory: Memory): Made => {
      const names = table(memory, 1, 2);
      const old = names.find('circuit-breaker', encodeText('old'));
      if (old !== undefined) names.remove(old, () => true);
      return names.findOrMake(encodeText('new'), declaration);
    };
    const { ends } = explore<unknown>({
      prepare: (memory) => {
        empty(1)(memory);
        prepared(memory);
      },
      threads: [late, replace],
      check: (run) => {
        noneThrew(run);
        const [, made] = run.endings;
        if (made.kind !== 'returned' || !isPlace(made.result as Made)) return;
        const word = readWord(run.memory, (made.result as PanelRecord).at);
        expect([phaseOf(word.low), failuresOf(word)]).toEqual([Phase.closed, 0]);
      },
    });
    expect(ends).toBeGreaterThan(1);
  });

  it('a place is reused with a generation later than any its memory has seen', () => {
    const layout = layoutFor(1, 4);
    const prepared = (memory: Memory): void => {
      memory.storeWide(layout.records, closedWord(Phase.free, 41, 0).low, 0);
    };
    walk(1, prepared, [make('a', 1, 1)], (run) => {
      if (died(run) > 0) return;
      expect(generationOf(readWord(run.memory, layout.records).low)).toBe(42);
    });
  });
});

describe('in schedules of three threads with two interruptions', () => {
  it('a name that three threads make is one circuit', () => {
    walk(
      2,
      () => {},
      [make('a', 2, 1), make('a', 2, 2), make('a', 2, 3)],
      (run) => expect(namesIn(run.memory, 2)).toEqual(['a']),
      { preemptions: 2 },
    );
  });
});
