import type { Figure } from './figure.js';

/** One thing to measure. What it returns, or promises, is 1: the loop adds it up and checks the sum. */
export interface Contestant {
  readonly name: string;
  /** One call, as a user would write it. */
  readonly call: (i: number) => number | PromiseLike<number>;
  /** What is hoped for, in the unit of the contest; only our own have one. */
  readonly goal?: number;
}

/** What one contestant was found to cost, in the unit of its section. */
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
  /** What one should know to read it; a sentence or two. */
  readonly note: string;
  readonly results: readonly Result[];
  /** What the unit × is times of; default the first result. */
  readonly bound?: string | undefined;
  /** Whether whole jobs were measured, which take ms, rather than calls. */
  readonly isOfJobs?: boolean;
}

export type Unit = '×' | 'ns more' | 'µs' | 'ms' | 'bytes';

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** Of each contestant in each round, in ms. */
  readonly slice: number;
  /** Circuits to make where memory is measured. */
  readonly circuits: number;
}

/** What can be measured on its own: `npm run bench -- circuit/closed`. It has a process of its own. */
export interface Group {
  readonly name: string;
  measure(effort: Effort): Promise<readonly Section[]>;
}
