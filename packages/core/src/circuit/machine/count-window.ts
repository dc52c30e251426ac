import type { Memory } from '../memory/memory.js';
import { isCurrent } from '../memory/word.js';

/**
 * The last `calls` outcomes of one generation, exact even if several threads record at once.
 *
 * A ring of slots holds the outcomes, and a sequence number says which slot is next. Each slot has its generation and
 * lap. Totals are counted from the slots. There is no running sum, so none can be wrong after a thread has died between
 * taking a number and writing its slot. Slots of another generation do not count, so nothing has to be cleared.
 *
 * ```
 * slot [ generation 19 | lap 10 | slow | failed | written ]
 * ```
 */
export interface CountWindow {
  /** The number of outcomes that count. */
  readonly calls: number;
  /** The number of slots in the ring: {@link ringSlots} of `calls`. */
  readonly slots: number;
}

export interface WindowTotals {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
}

/** The bits of an outcome. */
export const FAILED = 1;
export const SLOW = 2;
export type OutcomeBits = number;

const RING_AT = 2;
const WRITTEN = 1;
const LAP_BITS = 10;
const LAP_MASK = (1 << LAP_BITS) - 1;
const GENERATION_SHIFT = LAP_BITS + 3;
// More slots than the window has calls: a slot that a dead thread did not write does not shorten the window.
const SPARE_SLOTS = 8;

export function ringSlots(calls: number): number {
  return 2 ** Math.ceil(Math.log2(calls + SPARE_SLOTS));
}

export function countWindowCells(window: CountWindow): number {
  return RING_AT + window.slots;
}

/**
 * @param window the position of the sequence number; the ring begins two cells later
 * @param word the position of the circuit's word
 */
export function recordInCountWindow(
  memory: Memory,
  window: number,
  { slots }: CountWindow,
  generation: number,
  outcome: OutcomeBits,
  word: number,
): void {
  const number = memory.add(window, 1) >>> 0;
  const lap = lapOf(number, slots);
  const at = window + RING_AT + (number & (slots - 1));
  const slot = (generation << GENERATION_SHIFT) | (lap << 3) | (outcome << 1) | WRITTEN;
  for (;;) {
    const seen = memory.peek(at);
    // A thread that was held up for a whole turn of the ring has an outcome that is too old to count. Laps wrap, so only
    // the sequence number shows that. It is read after the slot: if the ring turns later, the slot changes, and the
    // compare-and-set below fails.
    if ((memory.peek(window) - number) >>> 0 > slots) return;
    if (isTaken(memory, seen, generation, lap, word) || memory.compareAndSet(at, seen, slot)) return;
  }
}

export function countWindowTotals(
  memory: Memory,
  window: number,
  { calls: maxCalls, slots }: CountWindow,
  generation: number,
): WindowTotals {
  const head = memory.load(window);
  let calls = 0;
  let failures = 0;
  let slow = 0;
  for (let back = 1; back <= slots && calls < maxCalls; back++) {
    const number = (head - back) >>> 0;
    const seen = memory.peek(window + RING_AT + (number & (slots - 1)));
    const expected = (generation << GENERATION_SHIFT) | (lapOf(number, slots) << 3) | WRITTEN;
    if ((seen & ~((FAILED | SLOW) << 1)) !== expected) continue;
    calls++;
    if ((seen & (FAILED << 1)) !== 0) failures++;
    if ((seen & (SLOW << 1)) !== 0) slow++;
  }
  return { calls, failures, slow };
}

function lapOf(number: number, slots: number): number {
  return Math.floor(number / slots) & LAP_MASK;
}

/** Whether the slot has an outcome of a later lap or generation, which a late outcome must not overwrite. */
function isTaken(memory: Memory, slot: number, generation: number, lap: number, word: number): boolean {
  if ((slot & WRITTEN) === 0) return false;
  if (slot >>> GENERATION_SHIFT !== generation) return !isCurrent(memory, word, generation);
  const ahead = (((slot >>> 3) & LAP_MASK) - lap) & LAP_MASK;
  return ahead !== 0 && ahead < 1 << (LAP_BITS - 1);
}
