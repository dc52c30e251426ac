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
 * A line, in which one thread counts the calls of one circuit. No other thread writes to its counters while that thread lives, so
 * counting is a plain read and a plain write.
 *
 * The counters never go back. When the circuit has gone, the line serves another circuit of the same function, and the counts of the
 * earlier ones stay in it: the base is a copy of the counters from the moment at which the line came to its present circuit.
 *
 * ```
 * first 64 bytes:  [ LINE | next line of the circuit ], record, incarnation, thread + 1, parent thread + 1, five counters of 64 bits
 * second 64 bytes: function, -, base: five numbers of 64 bits, -
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
  /** `1 +` the segment with the line of code that declared the circuits; 0 for a line that was never used. */
  site: 16,
  base: 18,
} as const;

export const LINE_CELLS = 32;

/** From a counter to its base. */
const TO_BASE = Line.base - Line.succeeded;

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

/** What was counted in a line: for its present circuit, and for the circuits before. */
export function readLine(
  { doubles }: Memory,
  at: number,
): { ofCircuit: CircuitTotals; before: CircuitTotals } {
  const read = (offset: number): CircuitTotals => {
    const cell = (counter: number): number => doubles[(at + counter + offset) >> 1];
    return {
      succeeded: cell(Line.succeeded),
      failed: cell(Line.failed),
      ignored: cell(Line.ignored),
      refused: cell(Line.refused),
      slow: cell(Line.slow),
    };
  };
  const before = read(TO_BASE);
  return { ofCircuit: plus(read(0), before, -1), before };
}

/** Makes all that was counted in a line a matter of the circuits before. Only for a line whose circuit has gone. */
export function closeLine({ doubles }: Memory, at: number): void {
  for (let counter: number = Line.succeeded; counter <= Line.slow; counter += 2)
    doubles[(at + counter + TO_BASE) >> 1] = doubles[(at + counter) >> 1];
}

export const NO_CALLS: CircuitTotals = { succeeded: 0, failed: 0, ignored: 0, refused: 0, slow: 0 };

export function plus(one: CircuitTotals, other: CircuitTotals, sign: 1 | -1 = 1): CircuitTotals {
  return {
    succeeded: one.succeeded + sign * other.succeeded,
    failed: one.failed + sign * other.failed,
    ignored: one.ignored + sign * other.ignored,
    refused: one.refused + sign * other.refused,
    slow: one.slow + sign * other.slow,
  };
}
