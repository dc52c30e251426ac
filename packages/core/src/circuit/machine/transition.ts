import type { Memory } from '../memory/memory.js';
import { type CircuitRecord, storeOpened } from '../memory/record.js';
import {
  closedWord,
  generationOf,
  nextGeneration,
  openWord,
  Phase,
  phaseLike,
  phaseOf,
  reopeningsOf,
  replaceWord,
  type Word,
} from '../memory/word.js';
import { PERMIT_CELLS, type ProbePermits, type Probe } from './probe-permits.js';
import type { WindowSettings } from './window.js';

/** One circuit: where it is, and what its policy says. */
export interface Machine {
  readonly memory: Memory;
  readonly record: CircuitRecord;
  readonly settings: MachineSettings;
}

/** What the machine needs to know of a policy; times in whole ms. */
export interface MachineSettings {
  /** `Infinity` where only the window decides. */
  readonly failureThreshold: number;
  readonly successThreshold: number;
  /** How long it stays open: after tripping, after the first failed probe, after the second … the last holds on. */
  readonly resetTimeouts: readonly number[];
  readonly permits: number;
  readonly permitTimeout: number;
  readonly window: WindowSettings | undefined;
}

/** What a call was admitted under; its outcome counts only while the circuit still wears this tag. */
export interface Admission {
  readonly status: 'admitted';
  readonly record: CircuitRecord;
  readonly tag: number;
  readonly probe: Probe | undefined;
}

/** A change of phase this thread made. Every change raises the generation by one. */
export interface Transition {
  readonly from: Phase;
  readonly to: Phase;
  /** The generation that began with it. */
  readonly generation: number;
  /** Whole ms since the panel was made. */
  readonly at: number;
  /** What led to it, where that was counted: consecutive failures, or the window's failures or slow calls. */
  readonly failures: number;
}

/** Hears of each transition after it is stored. */
export type OnTransition = (transition: Transition) => void;

/** Stores the next word and tells of it; false if another thread changed the circuit meanwhile. */
export function transition(
  machine: Pick<Machine, 'memory' | 'record'>,
  from: Word,
  to: Word,
  at: number,
  failures: number,
  onTransition: OnTransition,
): boolean {
  if (!replaceWord(machine.memory, machine.record.at, from, to)) return false;
  onTransition({
    from: phaseOf(from.low),
    to: phaseOf(to.low),
    generation: generationOf(to.low),
    at,
    failures,
  });
  return true;
}

/** Opens a circuit that was closed. */
export function trip(
  machine: Machine,
  word: Word,
  now: number,
  failures: number,
  moved: OnTransition,
): boolean {
  return open(machine, word, now, 0, failures, moved);
}

/**
 * Opens a half-open circuit again, and for longer if the policy says so.
 *
 * @param from when its probe failed: one that expired did so then, however long ago that is
 */
export function reopen(machine: Machine, word: Word, from: number, moved: OnTransition): boolean {
  return open(machine, word, from, reopeningsOf(word) + 1, 1, moved);
}

export function close(
  machine: Pick<Machine, 'memory' | 'record'>,
  word: Word,
  phase: Phase,
  now: number,
  moved: OnTransition,
): boolean {
  return transition(machine, word, closedWord(phase, nextGeneration(word.low), 0), now, 0, moved);
}

function open(
  machine: Machine,
  word: Word,
  from: number,
  reopenings: number,
  failures: number,
  moved: OnTransition,
): boolean {
  const deadline = from + resetTimeout(machine.settings, reopenings);
  const generation = nextGeneration(word.low);
  // Before the word, so that a circuit seen open always has its time of opening; a thread that loses the race for the
  // word leaves a time that is off by that race at most.
  storeOpened(machine.memory, machine.record.at, generation, from);
  const next = openWord(phaseLike(Phase.open, phaseOf(word.low)), generation, deadline, reopenings);
  return transition(machine, word, next, from, failures, moved);
}

/** How long a circuit stays open that has failed so many probes in a row. */
export function resetTimeout({ resetTimeouts }: MachineSettings, reopenings: number): number {
  return resetTimeouts[Math.min(reopenings, resetTimeouts.length - 1)];
}

export function permitsOf({ record, settings }: Machine): ProbePermits {
  return { at: record.permits, count: settings.permits, word: record.at };
}

export function windowAt(record: CircuitRecord, settings: MachineSettings): number {
  return record.permits + settings.permits * PERMIT_CELLS;
}
