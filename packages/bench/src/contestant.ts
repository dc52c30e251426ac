import type { Figure } from './figure.js';

/** One function to measure. It returns 1, or a promise of 1: the loop adds the results and checks the sum. */
export interface Contestant {
  readonly name: string;
  /** One call, as a user would write it. */
  readonly call: (i: number) => number | PromiseLike<number>;
  /** The goal, in the unit of the contest; only contestants of Switchgear have one. */
  readonly goal?: number;
}

/** The measured cost of one contestant, in the unit of its section. */
export interface Result {
  readonly name: string;
  readonly figure: Figure;
  readonly goal?: number | undefined;
  /** The same in plain ns, where the unit is a comparison. */
  readonly nanoseconds?: Figure | undefined;
}

/** A table of results that may be compared with each other. */
export interface Section {
  readonly title: string;
  readonly unit: Unit;
  /** A sentence or two that explain the table. */
  readonly note: string;
  readonly results: readonly Result[];
  /** The name of the value that the unit × is a multiple of. Default the first result. */
  readonly bound?: string | undefined;
  /** Whether whole jobs were measured, which take ms, rather than calls. */
  readonly isOfJobs?: boolean;
}

export type Unit = '×' | 'ns more' | 'µs' | 'ms' | 'bytes';

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** The time for each contestant in each round, in ms. */
  readonly slice: number;
  /** The number of circuits to make where memory is measured. */
  readonly circuits: number;
}

/** Sections that are measured together, in a process of their own: `npm run bench -- circuit/closed`. */
export interface Group {
  readonly name: string;
  measure(effort: Effort): Promise<readonly Section[]>;
}
