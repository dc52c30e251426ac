import { describe, expect, it } from '@jest/globals';
import { explore, type Memory, type Run } from '@switchgear/core/testing';
import { reset } from '../../src/circuit/machine/operator.js';
import type { Admission, Transition } from '../../src/circuit/machine/transition.js';
import { halfOpenWord, Phase } from '../../src/circuit/memory/word.js';
import { begin, type Did, Hands, record, recovers, settings, wordIn } from '../support/circuit-in-memory.js';
import { noneThrew, returned, transitionsOf } from '../support/transitions-of-runs.js';
import { calls, halfOpen, walk } from '../support/walks.js';

const of = settings({ permits: 1, resetTimeouts: [100] });

/** What a thread did, and the call it has left in flight. */
interface Holding extends Did {
  readonly inFlight: Admission | undefined;
}

/** A thread that makes one call, which does not end. */
function holding(now: number) {
  return (memory: Memory): Holding => {
    const hands = new Hands(memory, of);
    const inFlight = hands.admit(now);
    return { ...hands.did, inFlight };
  };
}

/** A thread whose probe fails, and that has the next one out after the circuit has been open. */
const failingAndProbingAgain = (memory: Memory): Holding => {
  const hands = new Hands(memory, of);
  hands.call('failure', 10);
  const inFlight = hands.admit(110);
  return { ...hands.did, inFlight };
};

/** The probes in flight whose outcomes still count. */
function probesOut(run: Run<Did>): readonly Admission[] {
  const { low } = wordIn(run.memory);
  return returned(run as Run<Holding>).flatMap(({ inFlight }) =>
    inFlight?.probe !== undefined && inFlight.tag === low ? [inFlight] : [],
  );
}

describe('one permit, in every schedule of a thread held up and one that goes on to the next half-open phase', () => {
  const threads = [holding(10), failingAndProbingAgain];

  it('is never out twice', () => {
    walk(of, { prepare: halfOpen, threads, deaths: 1 }, (run) => {
      expect(probesOut(run).length).toBeLessThanOrEqual(1);
    });
  });

  it('is not out twice with a caller that comes after them', () => {
    walk(of, { prepare: halfOpen, threads, deaths: 1 }, (run) => {
      const out = probesOut(run).length;
      const next = new Hands(run.memory, of);
      next.admit(110);
      if (out === 1) expect(next.did.admissions).toEqual(['refused']);
    });
  });

  it('counts the outcome of the probe that has it', () => {
    walk(of, { prepare: halfOpen, threads, deaths: 1 }, (run) => {
      for (const probe of probesOut(run)) {
        const hands = new Hands(run.memory, of);
        hands.settle(probe, 'success', 120);
        expect(hands.did.counted).toEqual([true]);
      }
    });
  });
});

it('a thread whose phase passes while it looks for a permit is not refused: it looks at the circuit again', () => {
  const resetting = (memory: Memory): Did => {
    const transitions: Transition[] = [];
    reset({ memory, record }, 10, (transition) => transitions.push(transition));
    return { transitions, admissions: [], counted: [] };
  };
  walk(of, { prepare: halfOpen, threads: [holding(10), resetting] }, (run) => {
    expect(returned(run)[0].admissions).toEqual(['admitted']);
  });
});

describe('a half-open circuit in generation 0, whose number an untouched slot bears as well', () => {
  const inGenerationZero = begin(halfOpenWord(Phase.halfOpen, 0, 0, 0));
  const two = settings({ permits: 2 });

  /** What two threads do, neither of which throws; generations begin anew here, so `walk` is no help. */
  function walkFromZero(
    threads: readonly ((memory: Memory) => Did)[],
    check: (run: Run<Did>) => void,
    deaths = 0,
  ): void {
    const { ends } = explore<Did>({
      prepare: inGenerationZero,
      threads,
      deaths,
      check: (run) => {
        noneThrew(run);
        check(run);
      },
    });
    expect(ends).toBeGreaterThan(1);
  }

  it('has its permits', () => {
    const probing = (memory: Memory): Did => {
      const hands = new Hands(memory, two);
      hands.admit(10);
      return hands.did;
    };
    walkFromZero([probing, probing], (run) => {
      expect(returned(run).flatMap(({ admissions }) => admissions)).toEqual(['admitted', 'admitted']);
      const third = new Hands(run.memory, two);
      third.admit(10);
      expect(third.did.admissions).toEqual(['refused']);
    });
  });

  it('closes by its probes, once', () => {
    walkFromZero([calls(two, 10, 'success'), calls(two, 10, 'success')], (run) => {
      expect(transitionsOf(run)).toMatchObject([{ to: Phase.closed, generation: 1 }]);
    });
  });

  it('has a permit back that expires', () => {
    walkFromZero(
      [calls(two, 10, 'success')],
      (run) => {
        expect(recovers(run.memory, two)).toBe(true);
      },
      1,
    );
  });
});
