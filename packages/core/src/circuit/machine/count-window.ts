import type { Memory } from '../../panel/memory.js';

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

/** @param window the position of the sequence number; the ring begins two cells later */
export function recordInCountWindow(
  memory: Memory,
  window: number,
  { slots }: CountWindow,
  generation: number,
  outcome: OutcomeBits,
): void {
  const number = memory.add(window, 1) >>> 0;
  const at = window + RING_AT + (number & (slots - 1));
  const slot = (generation << GENERATION_SHIFT) | (lapOf(number, slots) << 3) | (outcome << 1) | WRITTEN;
  for (;;) {
    const seen = memory.load(at);
    // After a whole turn of the ring, a later number has this slot, and the outcome is too old to count. In all other cases
    // this number is the slot's latest, and overwrites it, whichever lap or generation the slot is of. The slot is read first,
    // and by `load`: the sequence number read after it is at least as new.
    if ((memory.peek(window) - number) >>> 0 > slots) return;
    if (memory.compareAndSet(at, seen, slot)) return;
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
