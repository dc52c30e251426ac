import { type CircuitOpening, circuitOpening } from '../circuit-opening.js';
import type { Memory } from '../../panel/memory.js';
import { readOpeningNote } from '../memory/opening-note.js';
import { type PanelRecord } from '../../panel/record.js';
import { openedWith } from '../memory/circuit-record.js';
import { readLastError } from '../memory/last-failure.js';
import type { Panel } from '../../panel/panel.js';

/** Whose opening it is. */
interface OpenedCircuit {
  readonly panel: Panel;
  readonly memory: Memory;
  readonly record: PanelRecord;
}

/**
 * What opened a circuit with `generation`, as the thread that did it has left it in memory. Undefined where that thread died too
 * early, or the circuit has opened once more since.
 *
 * @param isByHand whether an operator holds it open: a note of a thread that lost the race for the word may say otherwise
 * @param cause the error itself, where this thread has it; default its copy
 */
export function readOpening(
  { panel, memory, record }: OpenedCircuit,
  generation: number,
  isByHand: boolean,
  cause?: unknown,
): CircuitOpening | undefined {
  const note = readOpeningNote(memory, record.at, generation);
  const at = openedWith(memory, record.at, generation);
  if (note === undefined || at === undefined || (note.by === 'operator') !== isByHand) return undefined;
  const known = cause ?? readLastError(memory, panel.annexAt(record), generation);
  return circuitOpening(note, panel.toEpoch(at), known);
}
