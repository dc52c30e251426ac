import type { OpenedBy, OpeningNote } from './memory/opening-note.js';

/** What opened a circuit. It can be read in every thread while the circuit is open, half-open or forced open. */
export interface CircuitOpening {
  /** Epoch ms. */
  readonly at: number;
  /**
   * `'failures'` in a row; the `'failure-rate'` or the `'slow-rate'` of the window; a `'probe'` that failed or took too long; an
   * `'operator'`.
   */
  readonly by: OpenedBy;
  /** The failures that were counted: of the row, or of the window; 1 for a probe, 0 for an operator. */
  readonly failures: number;
  /** The calls among which they were counted: those of the window, or as many as failed in a row. */
  readonly calls: number;
  /** `failures` of `calls`, 0 to 1. */
  readonly failureRate: number;
  /** The slow calls of the window, 0 to 1. */
  readonly slowRate: number;
  /**
   * The failure that opened it, if there was one. If that was in another thread, an error with the same name, code and message,
   * cut to 120 bytes.
   */
  readonly cause: unknown;
  /** Id of the thread that opened it; 0 is the main thread. */
  readonly thread: number;
}

export function circuitOpening(
  { by, failures, calls, slow, thread }: OpeningNote,
  at: number,
  cause: unknown,
): CircuitOpening {
  const rate = (part: number): number => (calls === 0 ? 0 : part / calls);
  return { at, by, failures, calls, failureRate: rate(failures), slowRate: rate(slow), cause, thread };
}
