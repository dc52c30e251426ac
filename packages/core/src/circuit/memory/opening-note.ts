import type { Memory } from '../../panel/memory.js';
import { CircuitField } from './circuit-record.js';
import { hashCells } from '../../panel/text.js';

/** What opened a circuit. */
export type OpenedBy = 'failures' | 'failure-rate' | 'slow-rate' | 'probe' | 'operator';

/** Why a circuit opens, as whoever opens it has counted. */
export interface OpeningReason {
  readonly by: OpenedBy;
  readonly failures: number;
  /** The calls among which the failures were counted. */
  readonly calls: number;
  readonly slow: number;
}

/** The reason as all threads can read it. */
export interface OpeningNote extends OpeningReason {
  /** The id of the thread that opened the circuit. */
  readonly thread: number;
}

// Their places are what stands in memory: new ones go to the end.
const OPENED_BY: readonly OpenedBy[] = ['failures', 'failure-rate', 'slow-rate', 'probe', 'operator'];
const BY_SHIFT = 19;
const FIELDS = 5;

/**
 * Notes in the record why a circuit opens with `generation`.
 *
 * ```
 * [ by 13 | generation 19 ], failures, calls, slow, thread, checksum
 * ```
 *
 * The note is written before the word, so that a circuit which is seen open has it, even if its thread dies right after. The
 * checksum is written last: a reader of a note that is half-written, or mixed from those of two threads, sees that it does
 * not add up.
 */
export function writeOpeningNote(memory: Memory, at: number, generation: number, note: OpeningNote): void {
  const fields = fieldsOf(generation, note);
  fields.forEach((field, i) => {
    memory.store(at + CircuitField.opening + i, field);
  });
  memory.store(at + CircuitField.opening + FIELDS, hashCells(fields, FIELDS));
}

/**
 * Writes the note once more if another thread, which lost the race for the word, has written its own over it. That thread may
 * write even later than this looks; then its note stands, or none that adds up.
 */
export function ensureOpeningNote(memory: Memory, at: number, generation: number, note: OpeningNote): void {
  if (memory.load(at + CircuitField.opening + FIELDS) === hashCells(fieldsOf(generation, note), FIELDS))
    return;
  writeOpeningNote(memory, at, generation, note);
}

/** Why the circuit opened with `generation`; undefined where no whole note of that is left. */
export function readOpeningNote(memory: Memory, at: number, generation: number): OpeningNote | undefined {
  const fields = Array.from({ length: FIELDS }, (_, i) => memory.load(at + CircuitField.opening + i));
  if (memory.load(at + CircuitField.opening + FIELDS) !== hashCells(fields, FIELDS)) return undefined;
  const [head, failures, calls, slow, thread] = fields as [number, number, number, number, number];
  const by = OPENED_BY.at(head >>> BY_SHIFT);
  if ((head & ((1 << BY_SHIFT) - 1)) !== generation || by === undefined) return undefined;
  return { by, failures, calls, slow, thread };
}

function fieldsOf(generation: number, { by, failures, calls, slow, thread }: OpeningNote): readonly number[] {
  return [(OPENED_BY.indexOf(by) << BY_SHIFT) | generation, failures, calls, slow, thread];
}
