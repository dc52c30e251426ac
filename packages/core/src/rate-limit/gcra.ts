import type { Memory } from '../panel/memory.js';

/** The cells of a rate limit's record beyond those of all records: doubles, in ms since the panel was made. */
export const RateField = {
  /** The theoretical arrival time: when the limit would be unused again, if no call came. */
  arrival: 20,
  /** No slot is earlier than this: the dependency has said when to come again. */
  hold: 22,
  /** By how much holds have moved slots, in all. Calls that wait add what has come since they reserved. */
  moved: 24,
  /** Changes with each hold. A cell of 32 bits that threads wait on. */
  holds: 26,
} as const;

/** How fast calls may come. */
export interface Rate {
  /** Ms that one unit of cost takes. */
  readonly interval: number;
  /** How many units may come at once after a pause. */
  readonly burst: number;
}

/** A slot that was reserved, in ms since the panel was made. */
export interface Slot {
  /** When the call may begin; in the past where it may begin now. */
  readonly at: number;
  /** The arrival time that the reservation has left. */
  readonly arrival: number;
  /** By how much holds had moved slots then. */
  readonly moved: number;
  readonly cost: number;
}

export type Reservation =
  | { readonly kind: 'reserved'; readonly slot: Slot }
  /** The slot would be at `at`, which is later than the call can wait. */
  | { readonly kind: 'too late'; readonly at: number };

/** Two moments that differ by less are one: sums of doubles are not exact. */
const TOLERANCE_MS = 1e-4;

/**
 * Reserves the earliest slot for a call: the generic cell rate algorithm as virtual scheduling (ITU-T I.371). One compare-and-set
 * reserves, so that slots are in the order in which calls come, whichever thread they are of.
 *
 * @param at the position of the record
 * @param now ms since the panel was made, with fractions
 * @param cost units that the call takes, from 0 to `burst`
 * @param maxWait how long the call can wait, in ms
 */
export function reserve(
  memory: Memory,
  at: number,
  { interval, burst }: Rate,
  now: number,
  cost: number,
  maxWait: number,
): Reservation {
  for (;;) {
    const moved = readDouble(memory, at + RateField.moved);
    const seen = readDouble(memory, at + RateField.arrival);
    const arrival = Math.max(seen, now) + cost * interval;
    const hold = readDouble(memory, at + RateField.hold);
    const slot = Math.max(arrival - burst * interval, hold);
    if (slot - now > maxWait + TOLERANCE_MS) return { kind: 'too late', at: slot };
    if (replaceDouble(memory, at + RateField.arrival, seen, arrival))
      return { kind: 'reserved', slot: { at: slot, arrival, moved, cost } };
  }
}

/** Whether a slot is not later than `now`. */
export function isDue(at: number, now: number): boolean {
  return at - now <= TOLERANCE_MS;
}

/** When a call that waits may begin, after all holds since it has reserved. */
export function slotNow(memory: Memory, at: number, slot: Slot): number {
  const moved = readDouble(memory, at + RateField.moved) - slot.moved;
  return Math.max(slot.at + moved, readDouble(memory, at + RateField.hold));
}

/**
 * Gives back what a call has reserved and does not use: its cost, less what was reserved after it, so that no slot that was given
 * out moves earlier (as `Reservation.Cancel` of Go's x/time/rate).
 */
export function giveBackSlot(memory: Memory, at: number, { interval }: Rate, slot: Slot): void {
  const moved = readDouble(memory, at + RateField.moved) - slot.moved;
  change(memory, at + RateField.arrival, (arrival) => {
    const after = Math.max(0, arrival - slot.arrival - moved);
    return arrival - Math.max(0, slot.cost * interval - after);
  });
}

/**
 * Settles the difference between the estimate and the actual cost of a call. More is a debt, also beyond the burst; less comes back,
 * never above the burst.
 */
export function settleCost(
  memory: Memory,
  at: number,
  { interval }: Rate,
  now: number,
  difference: number,
): void {
  if (difference !== 0)
    change(memory, at + RateField.arrival, (arrival) => Math.max(arrival, now) + difference * interval);
}

/**
 * Moves the earliest slot to `until`, and with it those of the calls that wait. A hold is never shortened.
 *
 * The hold is written first: a call that reserves in between has a slot that is no earlier.
 *
 * @returns false if there is a longer hold already
 */
export function holdUntil(memory: Memory, at: number, rate: Rate, now: number, until: number): boolean {
  let before: number;
  for (;;) {
    before = readDouble(memory, at + RateField.hold);
    if (before >= until || until <= now) return false;
    if (replaceDouble(memory, at + RateField.hold, before, until)) break;
  }
  const earliest = before > now ? before : earliestSlot(memory, at, rate, now);
  change(memory, at + RateField.moved, (moved) => moved + until - earliest);
  change(memory, at + RateField.arrival, (arrival) => Math.max(arrival, now) + until - earliest);
  memory.add(at + RateField.holds, 1);
  memory.wake(at + RateField.holds);
  return true;
}

/** The slot of the call that waits first, where each costs 1; now where none waits. */
function earliestSlot(memory: Memory, at: number, { interval, burst }: Rate, now: number): number {
  const ahead = readDouble(memory, at + RateField.arrival) - burst * interval - now;
  if (ahead <= TOLERANCE_MS) return now;
  const rest = ahead % interval;
  const isWhole = rest <= TOLERANCE_MS || interval - rest <= TOLERANCE_MS;
  return now + (isWhole ? Math.min(interval, ahead) : rest);
}

/** When calls may come again, as the dependency has said; 0 where it has not. */
export function heldUntil(memory: Memory, at: number): number {
  return readDouble(memory, at + RateField.hold);
}

/** The units that could be taken at once now; negative where calls have reserved more, or owe it. */
export function available(memory: Memory, at: number, { interval, burst }: Rate, now: number): number {
  return burst - Math.max(0, readDouble(memory, at + RateField.arrival) - now) / interval;
}

/** Writes what a new rate limit begins with. */
export function beginRate(memory: Memory, at: number): void {
  for (const field of [RateField.arrival, RateField.hold, RateField.moved])
    memory.storeWide(at + field, 0, 0);
  memory.store(at + RateField.holds, 0);
}

function change(memory: Memory, at: number, next: (seen: number) => number): void {
  for (;;) {
    const seen = readDouble(memory, at);
    if (replaceDouble(memory, at, seen, next(seen))) return;
  }
}

/** A plain read, which may be some nanoseconds old: the compare-and-set that follows finds that out. */
function readDouble(memory: Memory, at: number): number {
  return memory.doubles[at >> 1];
}

const doubles = new Float64Array(2);
const halves = new Int32Array(doubles.buffer);

function replaceDouble(memory: Memory, at: number, from: number, to: number): boolean {
  doubles[0] = from;
  doubles[1] = to;
  return memory.compareAndSetWide(at, { low: halves[0], high: halves[1] }, halves[2], halves[3]);
}
