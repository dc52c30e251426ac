import { describe, expect, it } from '@jest/globals';
import { explore, type Memory, type Run } from '@switchgear/core/testing';
import { admit } from '../../src/circuit/machine/admission.js';
import { settle, type OutcomeKind } from '../../src/circuit/machine/settlement.js';
import type { Machine, MachineSettings } from '../../src/circuit/machine/transition.js';
import { layoutFor, writeHeader } from '../../src/panel/layout.js';
import { Field, type PanelRecord } from '../../src/panel/record.js';
import { encodeText } from '../../src/panel/text.js';
import {
  closedWord,
  deadlineOf,
  failuresOf,
  openWord,
  Phase,
  phaseOf,
} from '../../src/circuit/memory/word.js';
import { generationOf, readWord, type Word } from '../../src/panel/word.js';
import { type Declaration, type Made, NameTable } from '../../src/panel/name-table.js';
import { Segments } from '../../src/panel/segments.js';
import { pin, markUsed, wasIdle } from '../../src/panel/usage-mark.js';
import { settings } from '../support/circuit-in-memory.js';
import { died, noneThrew } from '../support/transitions-of-runs.js';

const declaration: Declaration = {
  kind: 'circuit-breaker',
  head: 2,
  body: 0,
  fingerprint: 1,
  sources: 0,
  declaredAt: 0,
  policy: 0,
};
const brittle = settings({ failureThreshold: 1, permits: 1 });
const NOW = 200;

/** What a thread did, and what became of it. */
interface Deed {
  readonly what: 'called' | 'made room' | 'kept';
  /** Whether its outcome counted, or the other circuit got the place. */
  readonly succeeded: boolean;
}

/** A table of one place, as one thread sees it. */
function table(memory: Memory, thread: number): NameTable {
  const layout = layoutFor(1, 4);
  return new NameTable(memory, layout, new Segments(memory, layout), thread);
}

const { records } = layoutFor(1, 4);

/** The circuit 'old' stands at the only place, and nobody has used it since the hand came by. */
function idle(word?: (birth: number) => Word) {
  return (memory: Memory): void => {
    writeHeader(memory, layoutFor(1, 4));
    table(memory, 3).findOrMake(encodeText('old'), declaration);
    wasIdle(memory, records);
    if (word === undefined) return;
    const { low, high } = word(generationOf(readWord(memory, records).low));
    memory.storeWide(records, low, high);
  };
}

/** 'old' where it stood before the threads began: they know it, as a thread knows a circuit that it has declared. */
const old: PanelRecord = placeOfOld();

function placeOfOld(): PanelRecord {
  let record: PanelRecord | undefined;
  explore({
    prepare: idle(),
    threads: [],
    check: ({ memory }) => void (record = table(memory, 3).find('circuit-breaker', encodeText('old'))),
  });
  if (record === undefined) throw new Error('there is no old circuit');
  return record;
}

/** A thread that calls the old circuit as `KeyedCircuits` has it called: marked, asked, settled. */
function caller(verdict: OutcomeKind, of: MachineSettings = brittle) {
  return (memory: Memory): Deed => {
    const machine: Machine = { memory, record: old, settings: of };
    markUsed(memory, old.at);
    const admission = admit(machine, NOW, () => {});
    const isCounted =
      admission.kind === 'admitted' && settle(machine, admission.admission, verdict, false, NOW, () => {});
    return { what: 'called', succeeded: isCounted };
  };
}

const isClosed = ({ low }: Word): boolean => phaseOf(low) === Phase.closed;
const isDue = (word: Word): boolean => phaseOf(word.low) === Phase.open && deadlineOf(word) <= NOW;

/** A thread that needs the place of the old circuit for another, as `KeyedCircuits` does. */
function evictor(thread: number, name: string, isRemovable = isClosed) {
  return (memory: Memory): Deed => {
    const names = table(memory, thread);
    if (!wasIdle(memory, old.at) || !names.remove(old, isRemovable))
      return { what: 'made room', succeeded: false };
    const made: Made = names.findOrMake(encodeText(name), declaration);
    return { what: 'made room', succeeded: typeof made === 'object' };
  };
}

const keeper = (memory: Memory): Deed => {
  pin(memory, old.at);
  return { what: 'kept', succeeded: true };
};

function nameIn(memory: Memory): string | undefined {
  const names = table(memory, 9);
  // Whoever passes finishes what was committed.
  names.find('circuit-breaker', encodeText('passer-by'));
  return names.nameAt(records)?.name;
}

const wordIn = (memory: Memory): Word => readWord(memory, records);

/** Whether a thread lived to see its deed succeed. */
function did(run: Run<Deed>, what: Deed['what']): boolean {
  return run.endings.some(
    (ending) => ending.kind === 'returned' && ending.result.what === what && ending.result.succeeded,
  );
}

function walk(
  prepare: (memory: Memory) => void,
  threads: readonly ((memory: Memory) => Deed)[],
  check: (run: Run<Deed>) => void,
  bounds: { deaths?: number; preemptions?: number } = { deaths: 1 },
): void {
  const { ends } = explore<Deed>({
    prepare,
    threads,
    ...bounds,
    check: (run) => {
      noneThrew(run);
      check(run);
    },
  });
  expect(ends).toBeGreaterThan(1);
}

/** What stands where the old circuit stood has heard of no call: nobody has called it. */
function expectUntouched(memory: Memory): void {
  const word = wordIn(memory);
  expect([phaseOf(word.low), failuresOf(word)]).toEqual([Phase.closed, 0]);
}

describe('in every schedule of a thread that calls an idle circuit and one that has it make room, with deaths anywhere', () => {
  const both = [caller('failure'), evictor(2, 'new')];

  it('the outcome of a call of the old circuit does not count on the new one', () => {
    walk(idle(), both, ({ memory }) => {
      if (nameIn(memory) === 'new') expectUntouched(memory);
    });
  });

  it('a circuit that the call has opened stays, and is open', () => {
    walk(idle(), both, (run) => {
      if (!did(run, 'called')) return;
      expect([nameIn(run.memory), phaseOf(wordIn(run.memory).low)]).toEqual(['old', Phase.open]);
    });
  });

  it('a call whose circuit has made room counts nowhere', () => {
    walk(idle(), both, (run) => {
      if (did(run, 'made room')) expect(did(run, 'called')).toBe(false);
    });
  });

  it('one of both has its way, or one has died', () => {
    walk(idle(), both, (run) => {
      if (died(run) === 0)
        expect([did(run, 'called'), did(run, 'made room')].filter(Boolean)).toHaveLength(1);
    });
  });

  it('the place stays of use, once the dead are reclaimed', () => {
    walk(idle(), both, ({ memory }) => {
      const names = table(memory, 9);
      for (const thread of [1, 2]) names.reclaim(thread);
      if (names.find('circuit-breaker', encodeText('old')) !== undefined) return;
      names.remove(names.find('circuit-breaker', encodeText('new')) ?? old, () => true);
      expect(typeof names.findOrMake(encodeText('next'), declaration)).toBe('object');
    });
  });

  it('failures that do not open the circuit count on it or on nothing', () => {
    const patient = settings({ failureThreshold: 9 });
    walk(idle(), [caller('failure', patient), evictor(2, 'new')], ({ memory }) => {
      if (nameIn(memory) === 'new') expectUntouched(memory);
    });
  });

  it('a success does not touch what stands there afterwards', () => {
    walk(idle(), [caller('success'), evictor(2, 'new')], ({ memory }) => {
      if (nameIn(memory) === 'new') expectUntouched(memory);
    });
  });
});

describe('in every schedule of a probe and a thread that has its open circuit make room, with deaths anywhere', () => {
  const due = idle((birth) => openWord(Phase.open, birth + 1, NOW, 0));

  it('a failure of the probe does not count on the new circuit', () => {
    walk(due, [caller('failure'), evictor(2, 'new', isDue)], ({ memory }) => {
      if (nameIn(memory) === 'new') expectUntouched(memory);
    });
  });

  it('a circuit that the probe has opened again stays, and is open', () => {
    walk(due, [caller('failure'), evictor(2, 'new', isDue)], (run) => {
      if (!did(run, 'called')) return;
      expect([nameIn(run.memory), deadlineOf(wordIn(run.memory)) > NOW]).toEqual(['old', true]);
    });
  });

  it('a success of the probe does not count on the new circuit', () => {
    const twice = settings({ permits: 1, successThreshold: 2 });
    walk(due, [caller('success', twice), evictor(2, 'new', isDue)], ({ memory }) => {
      if (nameIn(memory) === 'new') expectUntouched(memory);
    });
  });

  it('a circuit that still refuses never makes room', () => {
    const refusing = idle((birth) => openWord(Phase.open, birth + 1, NOW + 1, 0));
    walk(refusing, [caller('failure'), evictor(2, 'new', isDue)], ({ memory }) => {
      expect(nameIn(memory)).toBe('old');
    });
  });
});

describe('in every schedule of threads that both need the place, with deaths anywhere', () => {
  it('one of them has it', () => {
    walk(idle(), [evictor(1, 'one'), evictor(2, 'two')], (run) => {
      const won = run.endings.filter((it) => it.kind === 'returned' && it.result.succeeded);
      expect(won.length).toBeLessThanOrEqual(1);
      if (died(run) === 0) expect(won).toHaveLength(1);
    });
  });
});

describe('in every schedule of a thread that declares a circuit and others that come by, with deaths anywhere', () => {
  const use = (memory: Memory): number => memory.load(old.at + Field.usage);
  const kept = (() => {
    let cell = 0;
    explore({
      prepare: idle(),
      threads: [],
      check: ({ memory }) => {
        pin(memory, old.at);
        cell = use(memory);
      },
    });
    return cell;
  })();

  it('the circuit stays kept where another thread marks it as used', () => {
    walk(idle(), [keeper, caller('success')], (run) => {
      if (did(run, 'kept')) expect(use(run.memory)).toBe(kept);
    });
  });

  it('the circuit stays kept where the hand of another thread passes it', () => {
    const used = (memory: Memory): void => {
      idle()(memory);
      markUsed(memory, old.at);
    };
    const passer = (memory: Memory): Deed => ({ what: 'made room', succeeded: wasIdle(memory, old.at) });
    walk(used, [keeper, passer, passer], (run) => {
      if (did(run, 'kept')) expect(use(run.memory)).toBe(kept);
    });
  });

  it('a circuit that is kept before the hand comes by stays', () => {
    const before = (memory: Memory): void => {
      idle()(memory);
      pin(memory, old.at);
    };
    walk(before, [evictor(1, 'one'), evictor(2, 'two')], ({ memory }) => {
      expect(nameIn(memory)).toBe('old');
    });
  });
});

describe('in schedules of three threads with two interruptions', () => {
  it('outcomes of two callers count on the old circuit or on nothing', () => {
    walk(
      idle(),
      [caller('failure'), caller('success'), evictor(2, 'new')],
      (run) => {
        if (nameIn(run.memory) === 'new') expectUntouched(run.memory);
        if (did(run, 'called') && phaseOf(wordIn(run.memory).low) === Phase.open)
          expect(nameIn(run.memory)).toBe('old');
      },
      { preemptions: 2 },
    );
  });

  it('the new circuit is made once where two make room, and hears of no call', () => {
    walk(
      idle(),
      [caller('failure'), evictor(1, 'new'), evictor(2, 'new')],
      ({ memory }) => {
        if (nameIn(memory) === 'new') expectUntouched(memory);
      },
      { preemptions: 2 },
    );
  });
});

it('a new circuit begins as used, so that the hand passes it once', () => {
  explore<boolean>({
    prepare: (memory) => {
      idle()(memory);
      const names = table(memory, 3);
      names.remove(old, () => true);
      names.findOrMake(encodeText('new'), declaration);
    },
    threads: [(memory) => wasIdle(memory, records)],
    check: ({ endings: [ending], memory }) => {
      expect([ending, wasIdle(memory, records)]).toEqual([{ kind: 'returned', result: false }, true]);
    },
  });
});

it('the circuit that the walks begin with is closed', () => {
  explore({
    prepare: idle(),
    threads: [],
    check: ({ memory }) => expect(wordIn(memory)).toEqual(closedWord(Phase.closed, old.incarnation, 0)),
  });
});
