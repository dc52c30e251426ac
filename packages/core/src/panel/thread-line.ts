import { kindNumber } from './record-kind.js';
import type { Memory } from './memory.js';
import { Field } from './record.js';

/**
 * A line, in which one thread keeps what it has of one record: what it has counted, or the permits that it holds.
 *
 * A line in which a thread counts never forgets. When its record has gone, it serves another record that the same line of code
 * declared, and its counters go on: the base is a copy of them from the moment at which the line came to its present record.
 *
 * ```
 * first 64 bytes:  [ LINE | next line of the record ], record, incarnation, thread + 1, parent thread + 1, ten cells of the kind's own
 * second 64 bytes: purpose, -, base: five numbers of 64 bits, -
 * ```
 */
export const Line = {
  next: 1,
  record: 2,
  incarnation: 3,
  /** 0 while the line belongs to no thread; `-(id + 1)` while thread `id` gives back what a dead thread held in it. */
  thread: 4,
  /** The thread that had started that one. */
  parent: 5,
  /** The first cell of the kind's own. */
  own: 6,
  /** What the line is for, for good; see {@link purposeOf}. 0 for a line that was never used. */
  purpose: 16,
  base: 18,
} as const;

export const LINE_CELLS = 32;

/** From a cell of the kind's own to its copy in the base. */
export const TO_BASE: number = Line.base - Line.own;

const END_OF_OWN = 16;

const COUNTING_KINDS: readonly number[] = [kindNumber('circuit-breaker')];
const NOT_COUNTING = -1;

/**
 * What lines of a record are for: to count, `1 +` the segment with the line of code that declared the record; or for anything else.
 *
 * Should the record go meanwhile, the result may be that of another record: hanging a line on this one fails then.
 */
export function purposeOf(memory: Memory, record: number): number {
  return COUNTING_KINDS.includes(memory.load(record + Field.kind))
    ? memory.load(record + Field.declaredAt) + 1
    : NOT_COUNTING;
}

/** The segment with the line of code whose calls are counted in a line; undefined where none are. */
export function countedSite(memory: Memory, line: number): number | undefined {
  const purpose = memory.load(line + Line.purpose);
  return purpose > 0 ? purpose - 1 : undefined;
}

/** Makes a line ready for its next record: what it has counted becomes its base, all else is 0. */
export function beginLine(memory: Memory, line: number): void {
  // A line that was never used is all 0.
  if (memory.load(line + Line.record) === 0) return;
  const counts = memory.load(line + Line.purpose) > 0;
  const { doubles } = memory;
  for (let cell: number = Line.own; cell < END_OF_OWN; cell += 2) {
    if (counts) doubles[(line + cell + TO_BASE) >> 1] = doubles[(line + cell) >> 1];
    else memory.storeWide(line + cell, 0, 0);
  }
}
