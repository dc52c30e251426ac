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

/** One circuit: its record and its policy. */
export interface Machine {
  readonly memory: Memory;
  readonly record: CircuitRecord;
  readonly settings: MachineSettings;
}

/** The part of a policy that the machine uses; times in whole ms. */
export interface MachineSettings {
  /** `Infinity` where only the window decides. */
  readonly failureThreshold: number;
  readonly successThreshold: number;
  /** How long the circuit stays open: first after tripping, then after 1, 2, … failed probes. The last one repeats. */
  readonly resetTimeouts: readonly number[];
  readonly permits: number;
  readonly permitTimeout: number;
  readonly window: WindowSettings | undefined;
}

/** The admission of a call. Its outcome counts only while the circuit has the same tag. */
export interface Admission {
  readonly status: 'admitted';
  readonly record: CircuitRecord;
  readonly tag: number;
  readonly probe: Probe | undefined;
}

/** A change of phase that this thread made. Every change raises the generation by 1. */
export interface Transition {
  readonly from: Phase;
  readonly to: Phase;
  /** The generation that begins with the change. */
  readonly generation: number;
  /** Whole ms since the panel was made. */
  readonly at: number;
  /** The consecutive failures, or the window's failures or slow calls, that led to the change; otherwise 0. */
  readonly failures: number;
}

/** Called with each transition, after it is stored. */
export type OnTransition = (transition: Transition) => void;

/** Stores the next word and calls `onTransition`. False if another thread has changed the circuit in the meantime. */
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
  onTransition: OnTransition,
): boolean {
  return open(machine, word, now, 0, failures, onTransition);
}

/**
 * Opens a half-open circuit again, for longer if the policy says so.
 *
 * @param from the moment when its probe failed. If the permit expired, that is the moment of expiry, which may be long ago
 */
export function reopen(machine: Machine, word: Word, from: number, onTransition: OnTransition): boolean {
  return open(machine, word, from, reopeningsOf(word) + 1, 1, onTransition);
}

export function close(
  machine: Pick<Machine, 'memory' | 'record'>,
  word: Word,
  phase: Phase,
  now: number,
  onTransition: OnTransition,
): boolean {
  return transition(machine, word, closedWord(phase, nextGeneration(word.low), 0), now, 0, onTransition);
}

function open(
  machine: Machine,
  word: Word,
  from: number,
  reopenings: number,
  failures: number,
  onTransition: OnTransition,
): boolean {
  const deadline = from + resetTimeout(machine.settings, reopenings);
  const generation = nextGeneration(word.low);
  // The time comes before the word, so that an open circuit always has one. Of two threads that open the circuit at once,
  // the one that fails to store its word may store the time: it is off by the duration of that race at most.
  storeOpened(machine.memory, machine.record.at, generation, from);
  const next = openWord(phaseLike(Phase.open, phaseOf(word.low)), generation, deadline, reopenings);
  return transition(machine, word, next, from, failures, onTransition);
}

/** How long a circuit stays open after `reopenings` failed probes in a row. */
export function resetTimeout({ resetTimeouts }: MachineSettings, reopenings: number): number {
  return resetTimeouts[Math.min(reopenings, resetTimeouts.length - 1)];
}

export function permitsOf({ record, settings }: Machine): ProbePermits {
  return { at: record.permits, count: settings.permits, word: record.at };
}

export function windowAt(record: CircuitRecord, settings: MachineSettings): number {
  return record.permits + settings.permits * PERMIT_CELLS;
}
