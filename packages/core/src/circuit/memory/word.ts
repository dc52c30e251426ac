import type { Memory } from '../../panel/memory.js';
import { GENERATION_BITS, generationOf, LAST_MOMENT, tagOf, type Word } from '../../panel/word.js';

/**
 * The phase of a record. The first two are stages of the panel, the others phases of a live circuit.
 *
 * The word of a record holds the whole state of its circuit:
 *
 * ```
 * low   [ deadline, low 9 | generation 19 | phase 4 ]
 * high  open:       [ deadline, high 28 | reopenings 4 ]
 *       half-open:  [ successes 28      | reopenings 4 ]
 *       closed:     [ consecutive failures 32 ]
 *       reserved:   [ id of the thread that reserved the record ]
 * ```
 *
 * Outside of `open` the deadline bits are zero, so the low half alone is the *tag*: phase and generation. A call compares
 * its tag with the word's to see whether the circuit has changed since the call was admitted.
 */
export const Phase = {
  free: 0,
  reserved: 1,
  closed: 2,
  open: 3,
  halfOpen: 4,
  forcedOpen: 5,
  forcedClosed: 6,
  shadowClosed: 7,
  shadowOpen: 8,
  shadowHalfOpen: 9,
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

/** The distance of a shadow phase from the phase of an ordinary circuit that it corresponds to. */
const SHADOW = Phase.shadowClosed - Phase.closed;

export function isShadow(phase: Phase): boolean {
  return phase >= Phase.shadowClosed;
}

/** The phase of an ordinary circuit that a phase corresponds to. */
export function machinePhase(phase: Phase): Phase {
  return isShadow(phase) ? ((phase - SHADOW) as Phase) : phase;
}

/** `machine` as a shadow phase if `like` is one. */
export function phaseLike(machine: Phase, like: Phase): Phase {
  return isShadow(like) ? ((machine + SHADOW) as Phase) : machine;
}

/** Whether a circuit that comes into this phase opens: it refuses calls from then on, or would if it acted. */
export function isOpening(phase: Phase): boolean {
  return machinePhase(phase) === Phase.open || phase === Phase.forcedOpen;
}

export type CircuitState = 'closed' | 'open' | 'half-open' | 'forced-open' | 'forced-closed' | 'shadow';

const DEADLINE_LOW_BITS = 9;
const REOPENING_BITS = 4;
const DEADLINE_LOW = 1 << DEADLINE_LOW_BITS;
const REOPENINGS = 1 << REOPENING_BITS;

const MAX_REOPENINGS: number = REOPENINGS - 1;
const MAX_FAILURES: number = 2 ** 31 - 1;

export function phaseOf(low: number): Phase {
  return (low & 15) as Phase;
}

/**
 * Whether the circuit is still in a generation.
 *
 * Called after reading a cell that names another generation. If this is true, the generation of the cell is over. The
 * two cannot be compared instead, because generations wrap. If the cell changes afterwards, the compare-and-set on it
 * fails.
 */
export function isCurrent(memory: Memory, at: number, generation: number): boolean {
  return generationOf(memory.load(at)) === generation;
}

/** The low half of a word without the deadline bits of an open circuit. */
export function tagIn(low: number): number {
  return low & ((1 << (GENERATION_BITS + 4)) - 1);
}

/** The word of a phase that counts consecutive failures, or nothing. */
export function closedWord(phase: Phase, generation: number, failures: number): Word {
  return { low: tagOf(phase, generation), high: Math.min(failures, MAX_FAILURES) };
}

export function failuresOf(word: Word): number {
  return word.high;
}

/** @param deadline whole ms since the panel was made; at most {@link LAST_MOMENT} is stored */
export function openWord(phase: Phase, generation: number, deadline: number, reopenings: number): Word {
  const moment = Math.min(deadline, LAST_MOMENT);
  const low = moment % DEADLINE_LOW;
  const high = (moment - low) / DEADLINE_LOW;
  return {
    low: (low << (GENERATION_BITS + 4)) | tagOf(phase, generation),
    high: (high << REOPENING_BITS) | Math.min(reopenings, MAX_REOPENINGS),
  };
}

export function deadlineOf(word: Word): number {
  return (word.high >>> REOPENING_BITS) * DEADLINE_LOW + (word.low >>> (GENERATION_BITS + 4));
}

export function halfOpenWord(phase: Phase, generation: number, successes: number, reopenings: number): Word {
  return { low: tagOf(phase, generation), high: (successes << REOPENING_BITS) | reopenings };
}

export function successesOf(word: Word): number {
  return word.high >>> REOPENING_BITS;
}

export function reopeningsOf(word: Word): number {
  return word.high & (REOPENINGS - 1);
}

/** The state for users, who see the three phases of a shadow circuit as one state. */
export function stateOf(phase: Phase): CircuitState {
  switch (phase) {
    case Phase.open:
      return 'open';
    case Phase.halfOpen:
      return 'half-open';
    case Phase.forcedOpen:
      return 'forced-open';
    case Phase.forcedClosed:
      return 'forced-closed';
    case Phase.shadowClosed:
    case Phase.shadowOpen:
    case Phase.shadowHalfOpen:
      return 'shadow';
    case Phase.closed:
    case Phase.free:
    case Phase.reserved:
      return 'closed';
  }
}
