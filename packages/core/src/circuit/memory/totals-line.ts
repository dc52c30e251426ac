import type { Doubles, Memory } from '../../panel/memory.js';
import type { PanelRecord } from '../../panel/record.js';
import { LINE_CELLS } from '../../panel/thread-line.js';
import type { ThreadLines } from '../../panel/thread-lines.js';

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

/** The counters in a thread's line of a circuit: 64 bits each. */
const Counter = { succeeded: 6, failed: 8, ignored: 10, refused: 12, slow: 14 } as const;

/**
 * Where a thread counts the calls of one circuit: its line of the record. Nobody else writes to the counters while the thread
 * lives, so counting is a plain read and a plain write.
 */
export class TotalsLine {
  /** Whose calls are counted. */
  readonly record: PanelRecord | undefined;
  #at: number;
  #doubles: Doubles;
  /** Half of where the line is. */
  #index: number;

  constructor({ doubles }: Pick<Memory, 'doubles'>, at: number, record: PanelRecord | undefined) {
    this.record = record;
    this.#at = at;
    this.#doubles = doubles;
    this.#index = at >> 1;
  }

  get at(): number {
    return this.#at;
  }

  succeeded(): void {
    this.#doubles[this.#index + Counter.succeeded / 2]++;
  }

  failed(): void {
    this.#doubles[this.#index + Counter.failed / 2]++;
  }

  ignored(): void {
    this.#doubles[this.#index + Counter.ignored / 2]++;
  }

  refused(): void {
    this.#doubles[this.#index + Counter.refused / 2]++;
  }

  slow(): void {
    this.#doubles[this.#index + Counter.slow / 2]++;
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
export function lineNowhere(record: PanelRecord | undefined): TotalsLine {
  return new TotalsLine({ doubles: nowhere }, 0, record);
}

/** Where this thread counts the calls of a circuit; a line that nobody reads where memory has run out. */
export function totalsLineOf(lines: ThreadLines, memory: Memory, record: PanelRecord): TotalsLine {
  return lines.lineOf(record, (at) => new TotalsLine(memory, at, record)) ?? lineNowhere(record);
}

/** What all threads have counted for a circuit. */
export function totalsOf(lines: ThreadLines, { doubles }: Memory, record: PanelRecord): CircuitTotals {
  const sum = { succeeded: 0, failed: 0, ignored: 0, refused: 0, slow: 0 };
  for (const line of lines.linesOf(record)) {
    for (const name of Object.keys(sum) as (keyof CircuitTotals)[])
      sum[name] += doubles[(line + Counter[name]) >> 1];
  }
  return sum;
}
