import type { Memory } from '../../panel/memory.js';
import type { PanelRecord } from '../../panel/record.js';
import { CircuitField } from './circuit-record.js';

/** Calls of the circuit gave promises. */
export const GAVE_PROMISES = 1;
/** Calls of the circuit gave something else. */
export const GAVE_PLAIN = 2;

/**
 * Notes in the record which kind of result a call gave, for all threads.
 *
 * Should the circuit be removed at this moment, the note lands on the next circuit in its place. It decides only whether a
 * refusal of an unknown function rejects or throws.
 */
export function noteResultKind(memory: Memory, { at }: Pick<PanelRecord, 'at'>, kind: number): void {
  for (;;) {
    const kinds = memory.peek(at + CircuitField.results);
    if ((kinds & kind) !== 0 || memory.compareAndSet(at + CircuitField.results, kinds, kinds | kind)) return;
  }
}

/** Whether calls of the circuit, in any thread, gave promises and never anything else. */
export function gavePromisesOnly(memory: Memory, { at }: Pick<PanelRecord, 'at'>): boolean {
  return memory.load(at + CircuitField.results) === GAVE_PROMISES;
}
