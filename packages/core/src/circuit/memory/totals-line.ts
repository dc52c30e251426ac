import type { Doubles, Memory } from '../../panel/memory.js';
import type { CircuitRecord } from '../../panel/record.js';

/** What became of the calls of a circuit since it was made, in all threads together. */
export interface CircuitTotals {
  readonly succeeded: number;
  readonly failed: number;
  /** Calls that count as neither. */
  readonly ignored: number;
  /** Calls that were not admitted. */
  readonly refused: number;
  /** Calls, succeeded or failed, that took longer than `slowCallDuration`. */
  readonly slow: number;
}

/**
 * A line of 64 bytes, in which one thread counts the calls of one circuit. Nobody else writes to its counters while the thread
 * lives, so counting is a plain read and a plain write.
 *
 * ```
 * [ LINE | next line of the circuit ], record, incarnation, thread + 1, parent thread + 1, five counters of 64 bits
 * ```
 */
export const Line = {
  next: 1,
  record: 2,
  incarnation: 3,
  /** 0 while no living thread counts in it. */
  thread: 4,
  /** The thread that had started that one. */
  parent: 5,
  succeeded: 6,
  failed: 8,
  ignored: 10,
  refused: 12,
  slow: 14,
} as const;

export const LINE_CELLS = 16;

/** Where a thread counts the calls of one circuit. */
export class TotalsLine {
  /** Whose calls are counted. */
  readonly record: CircuitRecord | undefined;
  #at: number;
  #doubles: Doubles;
  /** Half of where the line is. */
  #index: number;

  constructor({ doubles }: Pick<Memory, 'doubles'>, at: number, record: CircuitRecord | undefined) {
    this.record = record;
    this.#at = at;
    this.#doubles = doubles;
    this.#index = at >> 1;
  }

  get at(): number {
    return this.#at;
  }

  succeeded(): void {
    this.#doubles[this.#index + Line.succeeded / 2]++;
  }

  failed(): void {
    this.#doubles[this.#index + Line.failed / 2]++;
  }

  ignored(): void {
    this.#doubles[this.#index + Line.ignored / 2]++;
  }

  refused(): void {
    this.#doubles[this.#index + Line.refused / 2]++;
  }

  slow(): void {
    this.#doubles[this.#index + Line.slow / 2]++;
  }

  /** The circuit is gone, and the line is to serve another: calls that end late are counted nowhere. */
  detach(): void {
    this.#doubles = nowhere;
    this.#at = 0;
    this.#index = 0;
  }
}

const nowhere = new Float64Array(LINE_CELLS / 2);

/** A line of a circuit that has none: nobody reads what is counted there. */
export function lineNowhere(record: CircuitRecord | undefined): TotalsLine {
  return new TotalsLine({ doubles: nowhere }, 0, record);
}

export function readTotals({ doubles }: Memory, at: number): CircuitTotals {
  const read = (counter: number): number => doubles[(at + counter) >> 1];
  return {
    succeeded: read(Line.succeeded),
    failed: read(Line.failed),
    ignored: read(Line.ignored),
    refused: read(Line.refused),
    slow: read(Line.slow),
  };
}
