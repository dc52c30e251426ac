import type { Memory } from './memory.js';
import { isLive, stageOf, type Word } from './word.js';

/**
 * The fields of a record that records of all kinds have. A record is the part of a circuit, a bulkhead or a rate limit that
 * has a fixed size. The parts whose size depends on the policy are in a segment.
 *
 * A record is two cache lines, so that a busy one does not slow down the next one. Calls read the first line; the second is for
 * fields that are seldom used. Cells 2, 3, 16, and 20 to 31 belong to the kind of the record.
 */
export const Field = {
  word: 0,
  /** The generation in which the record got its name. It differs from that of earlier owners of the record. */
  incarnation: 4,
  segment: 5,
  /** The hash of kind and name; of a record without a name, the id of the thread that it belongs to. */
  nameHash: 6,
  /** Length of the name in bytes; 0 where the record has none. */
  nameLength: 7,
  fingerprint: 8,
  /** Hash of the source of the policy's functions. A thread whose functions differ gets a warning. */
  sources: 10,
  /** The segment with the line of code that declared the policy; 0 where it is not known. */
  declaredAt: 9,
  /** Whether the record may be evicted. */
  usage: 11,
  /** The segment with the published policy; 0 where the record has no name, or there was no memory for the text. */
  policy: 12,
  // 13 to 15 are free.
  /** The number of a `RecordKind`. */
  kind: 17,
  /** `[ first line of a thread | incarnation of its record ]`. Wide. */
  lines: 18,
} as const;

export const RECORD_CELLS = 32;

/** A thread's handle of a record. */
export interface PanelRecord {
  /** The position of the record. */
  readonly at: number;
  /** Which of the circuits, bulkheads and rate limits that have had the record; see {@link Field.incarnation}. */
  readonly incarnation: number;
  /** The position of the parts in the segment that belong to the kind: the head, and after it the body. */
  readonly parts: number;
}

/**
 * Whether a word is this record's; false if the record was removed before the word was read.
 *
 * Read the word first, and then call this: if the record belonged to something else when the word was read, its incarnation
 * had changed by then.
 */
export function isAlive(memory: Memory, record: PanelRecord, word: Word): boolean {
  return isLive(stageOf(word.low)) && memory.peek(record.at + Field.incarnation) === record.incarnation;
}
