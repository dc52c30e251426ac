import type { Memory } from './memory.js';
import { GENERATION_BITS, GENERATION_MASK, isLive, phaseOf, type Word } from './word.js';

/**
 * One circuit's part of the memory: a record of fixed size, and a segment whose size depends on the policy.
 *
 * The record has two cache lines of its own, so that a busy circuit does not slow its neighbour down: calls read the first, the
 * second is for what happens seldom.
 */
export const Field = {
  word: 0,
  /** `[ ms since the panel was made | generation ]` of the last opening. */
  opened: 2,
  /** The generation the place was taken with: tells a circuit from one that stood here before. */
  incarnation: 4,
  segment: 5,
  /** Of a circuit without a name: the thread it belongs to. */
  nameHash: 6,
  /** Length of the name in bytes; 0 where the circuit has none. */
  nameLength: 7,
  fingerprint: 8,
  /** Hash of the source of the policy's functions: threads may differ in it, and are told so. */
  sources: 10,
  /** Text of the line of code that declared the policy; 0 where nobody said. */
  declaredAt: 9,
  /** Whether the circuit may make room for another. */
  usage: 11,
  /** Text of the published fields of the policy; 0 where the circuit has no name, or there was no room for the text. */
  policy: 12,
  // 13 to 15 are free.
  /** Which kinds of results calls of this circuit gave: bit 0 promises, bit 1 anything else. */
  results: 16,
  /** `[ first line of totals | incarnation of its circuit ]`. Wide. */
  lines: 18,
  /** Why the circuit opened last: six cells, see `opening-note.ts`. */
  opening: 20,
} as const;

export const RECORD_CELLS = 32;

/** A thread's handle of a circuit: where it is, and which of the circuits that ever stood there. */
export interface CircuitRecord {
  readonly at: number;
  readonly incarnation: number;
  /** Where the permits are; the window follows them. */
  readonly permits: number;
}

/**
 * Whether a word that was read from a place is this circuit's, or the circuit was removed.
 *
 * The word comes first: had the place changed hands before that, its birth would show it by now.
 */
export function isAlive(memory: Memory, record: CircuitRecord, word: Word): boolean {
  return isLive(phaseOf(word.low)) && memory.peek(record.at + Field.incarnation) === record.incarnation;
}

const TIME_LOW = 2 ** (32 - GENERATION_BITS);

export function storeOpened(memory: Memory, at: number, generation: number, when: number): void {
  const low = when % TIME_LOW;
  memory.storeWide(at + Field.opened, (low << GENERATION_BITS) | generation, (when - low) / TIME_LOW);
}

/** When the circuit opened with `generation`, in whole ms since the panel was made. */
export function openedWith(memory: Memory, at: number, generation: number): number | undefined {
  const { low, high } = memory.loadWide(at + Field.opened);
  if ((low & GENERATION_MASK) !== generation) return undefined;
  return high * TIME_LOW + (low >>> GENERATION_BITS);
}
