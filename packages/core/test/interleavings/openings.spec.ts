import { describe, expect, it } from '@jest/globals';
import { explore, type Memory } from '@switchgear/core/testing';
import { force } from '../../src/circuit/machine/operator.js';
import { type OpeningNote, readOpeningNote } from '../../src/circuit/memory/opening-note.js';
import type { MachineSettings } from '../../src/circuit/machine/transition.js';
import { closedWord, halfOpenWord, isOpening, Phase } from '../../src/circuit/memory/word.js';
import { generationOf } from '../../src/panel/word.js';
import {
  begin,
  BIRTH,
  generationIn,
  Hands,
  phaseIn,
  record,
  settings,
  wordIn,
} from '../support/circuit-in-memory.js';
import { died, noneThrew } from '../support/transitions-of-runs.js';

const brittle = settings({ failureThreshold: 1 });
const closed = begin(closedWord(Phase.closed, BIRTH, 0));
const halfOpen = begin(halfOpenWord(Phase.halfOpen, BIRTH, 0, 0));

const noteIn = (memory: Memory): OpeningNote | undefined =>
  readOpeningNote(memory, record.at, generationIn(memory));

/** A thread whose call fails; what it says is the generation that it opened the circuit with, if it did. */
function failing(thread: number, of: MachineSettings = brittle) {
  return (memory: Memory): unknown => {
    const hands = new Hands(memory, of, thread);
    hands.call('failure', 10);
    return hands.did.transitions.find(({ to }) => isOpening(to))?.generation;
  };
}

const operator =
  (thread: number) =>
  (memory: Memory): unknown => {
    let generation: number | undefined;
    force({ memory, record, thread }, 'open', 10, (transition) => (generation = transition.generation));
    return generation;
  };

/** A thread that looks at the circuit, as `snapshot()` does. */
const looking = (memory: Memory): unknown => {
  const word = wordIn(memory);
  if (!isOpening((word.low & 15) as Phase)) return 'closed';
  return readOpeningNote(memory, record.at, generationOf(word.low));
};

const byFailure = (thread: number): OpeningNote => ({
  by: 'failures',
  failures: 1,
  calls: 1,
  slow: 0,
  thread,
});
const byHand = (thread: number): OpeningNote => ({ by: 'operator', failures: 0, calls: 0, slow: 0, thread });

describe('in every schedule, with a death at any moment', () => {
  it('a circuit that is seen open says what opened it, though its thread may have died right after', () => {
    const { ends } = explore<unknown>({
      prepare: closed,
      threads: [failing(1), looking],
      deaths: 1,
      check: (run) => {
        noneThrew(run);
        const [, seen] = run.endings;
        if (seen.kind === 'returned') expect(['closed', byFailure(1)]).toContainEqual(seen.result);
        if (phaseIn(run.memory) === Phase.open) expect(noteIn(run.memory)).toEqual(byFailure(1));
      },
    });
    expect(ends).toBeGreaterThan(1);
  });

  it.each<[string, (memory: Memory) => void, OpeningNote['by']]>([
    ['failures', closed, 'failures'],
    ['probes', halfOpen, 'probe'],
  ])(
    '%s of two threads that open it leave the note of one of them, or none that adds up',
    (_, prepare, by) => {
      const { ends } = explore<unknown>({
        prepare,
        threads: [failing(1), failing(2)],
        deaths: 1,
        check: (run) => {
          noneThrew(run);
          if (phaseIn(run.memory) !== Phase.open) return;
          const note = noteIn(run.memory);
          if (note !== undefined) expect(note).toMatchObject({ by, failures: 1, calls: 1 });
        },
      });
      expect(ends).toBeGreaterThan(1);
    },
  );

  it('the note of the thread that opened it stands, unless the other was still writing its own', () => {
    let others = 0;
    const { ends } = explore<unknown>({
      prepare: closed,
      threads: [failing(1), failing(2)],
      check: (run) => {
        const winner = run.endings.findIndex((it) => it.kind === 'returned' && it.result !== undefined) + 1;
        const note = noteIn(run.memory);
        if (note?.thread !== winner) others++;
      },
    });
    expect(others).toBeLessThan(ends / 2);
  });

  it('an operator that opens it is named, whatever calls do meanwhile; else the failure is', () => {
    explore<unknown>({
      prepare: closed,
      threads: [operator(1), failing(2)],
      deaths: 1,
      check: (run) => {
        noneThrew(run);
        const note = noteIn(run.memory);
        if (note === undefined) return;
        // The note of a thread that lost the race may stand; a reader knows by the phase that it is not the one.
        if (phaseIn(run.memory) === Phase.forcedOpen && note.by === 'operator')
          expect(note).toEqual(byHand(1));
        if (phaseIn(run.memory) === Phase.open && note.by !== 'operator') expect(note).toEqual(byFailure(2));
      },
    });
  });

  it('no note of an earlier opening is taken for that of a later one', () => {
    explore<unknown>({
      prepare: closed,
      threads: [
        failing(1),
        (memory) => {
          const hands = new Hands(memory, brittle, 2);
          hands.call('success', 110);
          hands.call('failure', 110);
          return undefined;
        },
      ],
      deaths: 1,
      check: (run) => {
        noneThrew(run);
        if (died(run) > 0 || phaseIn(run.memory) !== Phase.open) return;
        const note = noteIn(run.memory);
        const seen = { ...note, by: note?.by === 'probe' ? 'failures' : note?.by };
        if (note !== undefined) expect([byFailure(1), byFailure(2)]).toContainEqual(seen);
      },
    });
  });
});
