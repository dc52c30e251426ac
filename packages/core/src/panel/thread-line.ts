/**
 * A line of 64 bytes, in which one thread keeps what it has of one record: what it has counted, or the permits that it holds.
 *
 * ```
 * [ LINE | next line of the record ], record, incarnation, thread + 1, parent thread + 1, ten cells of the kind's own
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
} as const;

export const LINE_CELLS = 16;
