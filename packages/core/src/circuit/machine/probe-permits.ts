import type { Memory, Wide } from '../../panel/memory.js';
import { isCurrent } from '../memory/word.js';
import { LAST_MOMENT } from '../../panel/word.js';
import { GENERATION_BITS, GENERATION_MASK } from '../../panel/word.js';

/**
 * A permit of a probe. A half-open circuit has one 64-bit slot for each permit, taken and given back by compare-and-set.
 *
 * ```
 * low  [ expiry, low 13 | generation 19 ]
 * high [ expiry, high 24 ]
 * ```
 *
 * A slot of an earlier generation is free, so nothing has to be cleared when the circuit changes its phase. The permit of a
 * thread that dies expires.
 */
export interface Probe {
  /** The position of the permit's slot. */
  readonly at: number;
  readonly generation: number;
  /** The moment from which on the probe has failed, in whole ms since the panel was made. */
  readonly expiry: number;
}

export type Taken =
  | { readonly kind: 'taken'; readonly probe: Probe }
  /** All permits are taken; the first expires at `until`. */
  | { readonly kind: 'full'; readonly until: number }
  /** At least one permit has expired, the first at `expiry`. */
  | { readonly kind: 'expired'; readonly expiry: number }
  /** The circuit is in another generation by now. */
  | { readonly kind: 'passed' };

/** The position and the number of a circuit's permits. */
export interface ProbePermits {
  readonly at: number;
  readonly count: number;
  /** Where the circuit's word is. */
  readonly word: number;
}

export const PERMIT_CELLS = 2;
const EXPIRY_LOW = 2 ** (32 - GENERATION_BITS);

export function takePermit(
  memory: Memory,
  permits: ProbePermits,
  generation: number,
  now: number,
  timeout: number,
): Taken {
  for (;;) {
    const { earliest, free } = survey(memory, permits, generation);
    if (hasExpired(earliest, now)) return { kind: 'expired', expiry: earliest };
    if (free === undefined) return { kind: 'full', until: earliest };
    // Asked after the look at the slot: the other generation it names may be a later one, whose probe is out.
    if (!isCurrent(memory, permits.word, generation)) return { kind: 'passed' };
    const probe = { at: free.at, generation, expiry: Math.min(now + timeout, LAST_MOMENT) };
    const { low, high } = pack(probe);
    if (memory.compareAndSetWide(free.at, free.slot, low, high)) return { kind: 'taken', probe };
  }
}

/** Whether a permit has expired. At {@link LAST_MOMENT} the time of a panel stops, and permits do not expire there. */
export function hasExpired(expiry: number, now: number): boolean {
  return expiry <= now && expiry < LAST_MOMENT;
}

/** Gives a permit back. False if the slot was not this probe's any more. */
export function freePermit(memory: Memory, probe: Probe): boolean {
  return memory.compareAndSetWide(probe.at, pack(probe), 0, 0);
}

/** The first expiry of the permits that are taken, or `Infinity`, and a free slot if there is one. */
export function survey(
  memory: Memory,
  permits: ProbePermits,
  generation: number,
): { earliest: number; free: { at: number; slot: Wide } | undefined } {
  let earliest = Infinity;
  let free: { at: number; slot: Wide } | undefined;
  for (let i = 0; i < permits.count; i++) {
    const at = permits.at + i * PERMIT_CELLS;
    const slot = memory.loadWide(at);
    const expiry = expiryOf(slot);
    if ((slot.low & GENERATION_MASK) !== generation || expiry === 0) free ??= { at, slot };
    else if (expiry < earliest) earliest = expiry;
  }
  return { earliest, free };
}

function pack(probe: Probe): Wide {
  const low = probe.expiry % EXPIRY_LOW;
  return { low: (low << GENERATION_BITS) | probe.generation, high: (probe.expiry - low) / EXPIRY_LOW };
}

function expiryOf(slot: Wide): number {
  return slot.high * EXPIRY_LOW + (slot.low >>> GENERATION_BITS);
}
