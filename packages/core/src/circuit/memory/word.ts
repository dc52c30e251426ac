import type { Memory, Wide } from './memory.js';

/**
 * The word: everything a circuit is, in 64 bits that only ever change by one compare-and-set.
 *
 * ```
 * low   [ deadline, low 9 | generation 19 | phase 4 ]
 * high  open:       [ deadline, high 28 | reopenings 4 ]
 *       half-open:  [ successes 28      | reopenings 4 ]
 *       closed:     [ consecutive failures 32 ]
 *       reserved:   [ id of the thread that reserved the place ]
 * ```
 *
 * Outside `open` the deadline bits are zero, so the low half alone is the *tag*: phase and generation, the one number
 * a call compares to know that nothing happened since.
 */
export type Word = Wide;

/** What a place is doing. The first two belong to the table of names, the others are a live circuit's. */
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

/** A shadow circuit runs the machine of an ordinary one; each of its phases lies this far above its twin's. */
const SHADOW = Phase.shadowClosed - Phase.closed;

export function isShadow(phase: Phase): boolean {
  return phase >= Phase.shadowClosed;
}

/** The phase of the machine, whether it acts or only shadows. */
export function machinePhase(phase: Phase): Phase {
  return isShadow(phase) ? ((phase - SHADOW) as Phase) : phase;
}

/** `machine` as a phase of the same kind, acting or shadowing, as `like`. */
export function phaseLike(machine: Phase, like: Phase): Phase {
  return isShadow(like) ? ((machine + SHADOW) as Phase) : machine;
}

/** Whether a circuit that comes into this phase opens: it refuses calls from then on, or would if it acted. */
export function isOpening(phase: Phase): boolean {
  return machinePhase(phase) === Phase.open || phase === Phase.forcedOpen;
}

export function isLive(phase: Phase): boolean {
  return phase >= Phase.closed;
}

export type CircuitState = 'closed' | 'open' | 'half-open' | 'forced-open' | 'forced-closed' | 'shadow';

export const GENERATION_BITS = 19;
const DEADLINE_LOW_BITS = 9;
const REOPENING_BITS = 4;
export const GENERATION_MASK: number = (1 << GENERATION_BITS) - 1;
const DEADLINE_LOW = 1 << DEADLINE_LOW_BITS;
const REOPENINGS = 1 << REOPENING_BITS;

/** The last moment a deadline can name: 37 bits of milliseconds since the panel was made, 4.3 years. */
export const LAST_MOMENT: number = 2 ** 37 - 1;
const MOST_REOPENINGS: number = REOPENINGS - 1;
const MOST_FAILURES: number = 2 ** 31 - 1;

export function readWord(memory: Memory, at: number): Word {
  return memory.loadWide(at);
}

/** True if the word still was `from` and now is `to`: the only way a circuit changes. */
export function replaceWord(memory: Memory, at: number, from: Word, to: Word): boolean {
  return memory.compareAndSetWide(at, from, to.low, to.high);
}

export function phaseOf(low: number): Phase {
  return (low & 15) as Phase;
}

export function generationOf(low: number): number {
  return (low >>> 4) & GENERATION_MASK;
}

/** The generation after this one. It wraps; permits and window slots only ask whether two are equal, or which is newer. */
export function nextGeneration(low: number): number {
  return (generationOf(low) + 1) & GENERATION_MASK;
}

export function previousGeneration(generation: number): number {
  return (generation - 1) & GENERATION_MASK;
}

/** Whether generation `a` came after `b`, on the circle. */
export function isNewerGeneration(a: number, b: number): boolean {
  const ahead = (a - b) & GENERATION_MASK;
  return ahead !== 0 && ahead < 1 << (GENERATION_BITS - 1);
}

/**
 * Whether the circuit is still in a generation. Asked after a look at a cell that names another one: if it is, that other
 * one has passed, for generations wrap and cannot be compared; and if the cell changes after that, the compare-and-set on it
 * fails.
 */
export function isCurrent(memory: Memory, at: number, generation: number): boolean {
  return generationOf(memory.load(at)) === generation;
}

/** The low half of a word without the deadline that an open circuit keeps there. */
export function tagIn(low: number): number {
  return low & ((1 << (GENERATION_BITS + 4)) - 1);
}

export function tagOf(phase: Phase, generation: number): number {
  return (generation << 4) | phase;
}

/** The word of a phase that only counts consecutive failures, or nothing at all. */
export function closedWord(phase: Phase, generation: number, failures: number): Word {
  return { low: tagOf(phase, generation), high: Math.min(failures, MOST_FAILURES) };
}

export function failuresOf(word: Word): number {
  return word.high;
}

/** @param deadline whole ms since the panel was made; later than {@link LAST_MOMENT} counts as that */
export function openWord(phase: Phase, generation: number, deadline: number, reopenings: number): Word {
  const moment = Math.min(deadline, LAST_MOMENT);
  const low = moment % DEADLINE_LOW;
  const high = (moment - low) / DEADLINE_LOW;
  return {
    low: (low << (GENERATION_BITS + 4)) | tagOf(phase, generation),
    high: (high << REOPENING_BITS) | Math.min(reopenings, MOST_REOPENINGS),
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

/** The state a user sees: the three phases of a shadow circuit are one state. */
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
