import { expect } from '@jest/globals';
import { explore, type ExploreOptions, type Memory, type Run } from '@switchgear/core/testing';
import type { OutcomeKind } from '../../src/circuit/machine/settlement.js';
import type { MachineSettings } from '../../src/circuit/machine/transition.js';
import { closedWord, halfOpenWord, openWord, Phase } from '../../src/circuit/memory/word.js';
import { begin, BIRTH, type Did, generationIn, Hands, recovers } from './circuit-in-memory.js';
import { died, noneThrew, transitionsOf } from './transitions-of-runs.js';

type Prepare = (memory: Memory) => void;

/** Where the walks begin. */
export const closed: Prepare = begin(closedWord(Phase.closed, BIRTH, 0));
export const open: Prepare = begin(openWord(Phase.open, BIRTH, 100, 0));
export const halfOpen: Prepare = begin(halfOpenWord(Phase.halfOpen, BIRTH, 0, 0));

/** A thread that makes calls with the given outcomes, all at one moment. */
export function calls(of: MachineSettings, now: number, ...verdicts: readonly OutcomeKind[]) {
  return (memory: Memory): Did => {
    const hands = new Hands(memory, of);
    for (const verdict of verdicts) hands.call(verdict, now);
    return hands.did;
  };
}

/** What holds at every end of every schedule, whatever the threads did. */
function always(of: MachineSettings, check: (run: Run<Did>) => void) {
  return (run: Run<Did>): void => {
    noneThrew(run);
    const generations = transitionsOf(run).map(({ generation }) => generation);
    // No two threads make one transition, and each that was made has a maker, but for those of the dead.
    expect(new Set(generations).size).toBe(generations.length);
    expect(generations.length).toBeLessThanOrEqual(generationIn(run.memory) - BIRTH);
    if (died(run) === 0) expect(generations).toHaveLength(generationIn(run.memory) - BIRTH);
    check(run);
    expect(recovers(run.memory, of)).toBe(true);
  };
}

/** Explores a circuit of production, and checks each end of a schedule. */
export function walk(
  of: MachineSettings,
  options: Omit<ExploreOptions<Did>, 'check'>,
  check: (run: Run<Did>) => void,
): void {
  const { ends } = explore({ ...options, check: always(of, check) });
  expect(ends).toBeGreaterThan(1);
}
