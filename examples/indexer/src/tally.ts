const COUNTED = ['calls', 'requests', 'failures', 'refusals'] as const;
/**
 * `calls` of the index service that the work needs, `requests` that were sent for them, `failures` among these, and `refusals` by the circuit,
 * for which nothing was sent.
 */
type Counted = (typeof COUNTED)[number];

export type Counts = Readonly<Record<Counted, number>>;

/** Counts in memory that all threads share, so that items that fail count as well, and the counts are always current. */
export class Tally {
  readonly cells: Int32Array;

  constructor(cells: Int32Array = new Int32Array(new SharedArrayBuffer(COUNTED.length * 4))) {
    this.cells = cells;
  }

  count(what: Counted): void {
    Atomics.add(this.cells, COUNTED.indexOf(what), 1);
  }

  get counts(): Counts {
    const [calls, requests, failures, refusals] = COUNTED.map((_, i) => Atomics.load(this.cells, i));
    return { calls, requests, failures, refusals };
  }
}
