import type { Memory } from '../../panel/memory.js';
import { GENERATION_BITS, GENERATION_MASK } from '../../panel/word.js';

/** The fields of a circuit's record beyond those of all records. */
export const CircuitField = {
  /** `[ ms since the panel was made | generation ]` of the last opening. */
  opened: 2,
  /** The kinds of results of calls: bit 0 promises, bit 1 all others. */
  results: 16,
  /** The reason of the last opening, in 6 cells. */
  opening: 20,
} as const;

/** Writes what the record of a new circuit begins with. */
export function beginCircuit(memory: Memory, at: number): void {
  memory.store(at + CircuitField.results, 0);
}

const TIME_LOW = 2 ** (32 - GENERATION_BITS);

export function storeOpened(memory: Memory, at: number, generation: number, when: number): void {
  const low = when % TIME_LOW;
  memory.storeWide(at + CircuitField.opened, (low << GENERATION_BITS) | generation, (when - low) / TIME_LOW);
}

/** When the circuit opened into `generation`, in whole ms since the panel was made. */
export function openedWith(memory: Memory, at: number, generation: number): number | undefined {
  const { low, high } = memory.loadWide(at + CircuitField.opened);
  if ((low & GENERATION_MASK) !== generation) return undefined;
  return high * TIME_LOW + (low >>> GENERATION_BITS);
}
