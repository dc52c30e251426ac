import { thisThread } from '../../process/thread.js';
import type { Memory } from '../../panel/memory.js';
import {
  ensureOpeningNote,
  type OpeningNote,
  type OpeningReason,
  writeOpeningNote,
} from '../memory/opening-note.js';
import { type PanelRecord } from '../../panel/record.js';
import { storeOpened } from '../memory/circuit-record.js';
import { closedWord, openWord, Phase, phaseLike, phaseOf, reopeningsOf } from '../memory/word.js';
import { generationOf, nextGeneration, replaceWord, type Word } from '../../panel/word.js';
import { PERMIT_CELLS, type ProbePermits, type Probe } from './probe-permits.js';
import type { WindowSettings } from './window.js';

/** One circuit: its record and its policy. */
export interface Machine {
  readonly memory: Memory;
  readonly record: PanelRecord;
  readonly settings: MachineSettings;
  /** The id of the thread that acts. Default this one. */
  readonly thread?: number;
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
  readonly record: PanelRecord;
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
  /** Why the circuit opened, if it did. */
  readonly opening?: OpeningNote | undefined;
}

/** Called with each transition, after it is stored. */
export type OnTransition = (transition: Transition) => void;

const FAILED_PROBE: OpeningReason = { by: 'probe', failures: 1, calls: 1, slow: 0 };
const OPERATOR: OpeningReason = { by: 'operator', failures: 0, calls: 0, slow: 0 };

/** Stores the next word and calls `onTransition`. False if another thread has changed the circuit in the meantime. */
export function transition(
  machine: Pick<Machine, 'memory' | 'record'>,
  from: Word,
  to: Word,
  at: number,
  failures: number,
  onTransition: OnTransition,
  opening?: OpeningNote,
): boolean {
  const { memory, record } = machine;
  if (!replaceWord(memory, record.at, from, to)) return false;
  if (opening !== undefined) ensureOpeningNote(memory, record.at, generationOf(to.low), opening);
  onTransition({
    from: phaseOf(from.low),
    to: phaseOf(to.low),
    generation: generationOf(to.low),
    at,
    failures,
    opening,
  });
  return true;
}

/** Opens a circuit that was closed. */
export function trip(
  machine: Machine,
  word: Word,
  now: number,
  reason: OpeningReason,
  onTransition: OnTransition,
): boolean {
  return open(machine, word, now, 0, reason, onTransition);
}

/**
 * Opens a half-open circuit again, for longer if the policy says so.
 *
 * @param from the moment when its probe failed. If the permit expired, that is the moment of expiry, which may be long ago
 */
export function reopen(machine: Machine, word: Word, from: number, onTransition: OnTransition): boolean {
  return open(machine, word, from, reopeningsOf(word) + 1, FAILED_PROBE, onTransition);
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

/** Opens a circuit by an operator's hand, until an operator says otherwise. */
export function openByHand(
  machine: Pick<Machine, 'memory' | 'record' | 'thread'>,
  word: Word,
  now: number,
  onTransition: OnTransition,
): boolean {
  const generation = nextGeneration(word.low);
  const note = noteOpening(machine, generation, now, OPERATOR);
  return transition(machine, word, closedWord(Phase.forcedOpen, generation, 0), now, 0, onTransition, note);
}

function open(
  machine: Machine,
  word: Word,
  from: number,
  reopenings: number,
  reason: OpeningReason,
  onTransition: OnTransition,
): boolean {
  const deadline = from + resetTimeout(machine.settings, reopenings);
  const generation = nextGeneration(word.low);
  const note = noteOpening(machine, generation, from, reason);
  const next = openWord(phaseLike(Phase.open, phaseOf(word.low)), generation, deadline, reopenings);
  return transition(machine, word, next, from, Math.max(reason.failures, reason.slow), onTransition, note);
}

/**
 * Notes when and why the circuit opens. That comes before the word, so that a circuit which is seen open has both. Of threads that
 * race for the word, each has a reason of its own to open the circuit, and all have the same time but for that race.
 */
function noteOpening(
  { memory, record, thread = thisThread }: Pick<Machine, 'memory' | 'record' | 'thread'>,
  generation: number,
  when: number,
  reason: OpeningReason,
): OpeningNote {
  const note = { ...reason, thread };
  storeOpened(memory, record.at, generation, when);
  writeOpeningNote(memory, record.at, generation, note);
  return note;
}

/** How long a circuit stays open after `reopenings` failed probes in a row. */
export function resetTimeout({ resetTimeouts }: MachineSettings, reopenings: number): number {
  return resetTimeouts[Math.min(reopenings, resetTimeouts.length - 1)];
}

export function permitsOf({ record, settings }: Machine): ProbePermits {
  return { at: record.parts, count: settings.permits, word: record.at };
}

export function windowAt(record: PanelRecord, settings: MachineSettings): number {
  return record.parts + settings.permits * PERMIT_CELLS;
}
