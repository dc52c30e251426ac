import type { Memory } from './memory.js';
import { GENERATION_BITS, GENERATION_MASK, isLive, phaseOf, type Word } from '../circuit/memory/word.js';

/**
 * The fields of a record: the part of a circuit that has a fixed size. The part whose size depends on the policy is in a
 * segment.
 *
 * A record is two cache lines, so that a busy circuit does not slow down the next one. Calls read the first line; the second
 * is for fields that are seldom used.
 */
export const Field = {
  word: 0,
  /** `[ ms since the panel was made | generation ]` of the last opening. */
  opened: 2,
  /** The generation in which the circuit got the record. It differs from that of earlier circuits in the record. */
  incarnation: 4,
  segment: 5,
  /** The hash of the name; of a circuit without a name, the id of the thread that it belongs to. */
  nameHash: 6,
  /** Length of the name in bytes; 0 where the circuit has none. */
  nameLength: 7,
  fingerprint: 8,
  /** Hash of the source of the policy's functions. A thread whose functions differ gets a warning. */
  sources: 10,
  /** The segment with the line of code that declared the policy; 0 where it is not known. */
  declaredAt: 9,
  /** Whether the circuit may be evicted. */
  usage: 11,
  /** The segment with the published policy; 0 where the circuit has no name, or there was no memory for the text. */
  policy: 12,
  // 13 to 15 are free.
  /** The kinds of results of calls: bit 0 promises, bit 1 all others. */
  results: 16,
  /** `[ first line of totals | incarnation of its circuit ]`. Wide. */
  lines: 18,
  /** The reason of the last opening, in 6 cells. */
  opening: 20,
} as const;

export const RECORD_CELLS = 32;

/** A thread's handle of a circuit. */
export interface CircuitRecord {
  /** The position of the record. */
  readonly at: number;
  /** Which of the circuits that have had the record; see {@link Field.incarnation}. */
  readonly incarnation: number;
  /** The position of the permits; the window follows them. */
  readonly permits: number;
}

/**
 * Whether a word is this circuit's; false if the circuit was removed before the word was read.
 *
 * Read the word first, and then call this: if the record was another circuit's when the word was read, its incarnation
 * had changed by then.
 */
export function isAlive(memory: Memory, record: CircuitRecord, word: Word): boolean {
  return isLive(phaseOf(word.low)) && memory.peek(record.at + Field.incarnation) === record.incarnation;
}

const TIME_LOW = 2 ** (32 - GENERATION_BITS);

export function storeOpened(memory: Memory, at: number, generation: number, when: number): void {
  const low = when % TIME_LOW;
  memory.storeWide(at + Field.opened, (low << GENERATION_BITS) | generation, (when - low) / TIME_LOW);
}

/** When the circuit opened into `generation`, in whole ms since the panel was made. */
export function openedWith(memory: Memory, at: number, generation: number): number | undefined {
  const { low, high } = memory.loadWide(at + Field.opened);
  if ((low & GENERATION_MASK) !== generation) return undefined;
  return high * TIME_LOW + (low >>> GENERATION_BITS);
}
