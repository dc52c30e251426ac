import type { Doubles, Memory } from '../../panel/memory.js';
import type { PanelRecord } from '../../panel/record.js';
import { LINE_CELLS, TO_BASE } from '../../panel/thread-line.js';
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

const NO_CALLS: CircuitTotals = { succeeded: 0, failed: 0, ignored: 0, refused: 0, slow: 0 };

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
export function totalsOf(lines: ThreadLines, memory: Memory, record: PanelRecord): CircuitTotals {
  let sum = NO_CALLS;
  for (const line of lines.linesOf(record)) sum = plus(sum, readLine(memory, line).ofCircuit);
  return sum;
}

/** What was counted for the circuits of one line of code. */
export interface Sums {
  /** All calls, of the circuits that exist and of those that have gone. */
  readonly all: CircuitTotals;
  /** The calls of circuits that have gone. */
  readonly others: CircuitTotals;
}

const NO_SUMS: Sums = { all: NO_CALLS, others: NO_CALLS };

/** What all threads have counted, by the segment with the line of code; by 0 where it is not known. */
export function totalsBySite(lines: ThreadLines, memory: Memory): ReadonlyMap<number, Sums> {
  const sites = new Map<number, Sums>();
  const read = (line: number, hasGone: boolean): Sums => {
    const { ofCircuit, before } = readLine(memory, line);
    const all = plus(before, ofCircuit);
    return { all, others: hasGone ? all : before };
  };
  lines.eachCounted(read, (site, sums) => sites.set(site, add(sites.get(site), sums)));
  return sites;
}

export function add(one: Sums | undefined, { all, others }: Sums): Sums {
  const sum = one ?? NO_SUMS;
  return { all: plus(sum.all, all), others: plus(sum.others, others) };
}

/** What was counted in a line: for its present circuit, and for the circuits before. */
function readLine(
  { doubles }: Memory,
  line: number,
): { readonly ofCircuit: CircuitTotals; readonly before: CircuitTotals } {
  const read = (offset: number): CircuitTotals => {
    const cell = (counter: number): number => doubles[(line + counter + offset) >> 1];
    return {
      succeeded: cell(Counter.succeeded),
      failed: cell(Counter.failed),
      ignored: cell(Counter.ignored),
      refused: cell(Counter.refused),
      slow: cell(Counter.slow),
    };
  };
  const before = read(TO_BASE);
  return { ofCircuit: plus(read(0), before, -1), before };
}

function plus(one: CircuitTotals, other: CircuitTotals, sign: 1 | -1 = 1): CircuitTotals {
  return {
    succeeded: one.succeeded + sign * other.succeeded,
    failed: one.failed + sign * other.failed,
    ignored: one.ignored + sign * other.ignored,
    refused: one.refused + sign * other.refused,
    slow: one.slow + sign * other.slow,
  };
}
