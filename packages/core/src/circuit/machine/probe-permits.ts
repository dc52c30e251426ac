import type { Memory, Wide } from '../memory/memory.js';
import { GENERATION_BITS, GENERATION_MASK, isCurrent, LAST_MOMENT } from '../memory/word.js';

/**
 * Half-open permits: one 64-bit slot each, taken and given back by compare-and-set.
 *
 * ```
 * low  [ expiry, low 13 | generation 19 ]
 * high [ expiry, high 24 ]
 * ```
 *
 * A slot of an earlier generation is free: nothing has to be cleared when a circuit moves on, and a thread that dies with
 * a permit in hand leaves only an expiry behind.
 */
export interface Probe {
  /** Where the permit's slot is. */
  readonly at: number;
  readonly generation: number;
  /** Whole ms since the panel was made; from this moment on the probe has failed. */
  readonly expiry: number;
}

export type Taken =
  | { readonly kind: 'taken'; readonly probe: Probe }
  /** Every permit is out; the earliest comes back at `until` at the latest. */
  | { readonly kind: 'full'; readonly until: number }
  /** A probe outlived its permit, the earliest at `expiry`. */
  | { readonly kind: 'expired'; readonly expiry: number }
  /** The circuit is in another generation by now. */
  | { readonly kind: 'passed' };

/** Where a circuit's permits are, and how many. */
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

/** Time stands still at the last moment a panel can name: what expires there does not. */
export function hasExpired(expiry: number, now: number): boolean {
  return expiry <= now && expiry < LAST_MOMENT;
}

/** Gives a permit back; false if it was not this probe's any more. */
export function freePermit(memory: Memory, probe: Probe): boolean {
  return memory.compareAndSetWide(probe.at, pack(probe), 0, 0);
}

/** When the earliest of the permits that are out expires (`Infinity` if none is), and a free slot if there is one. */
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
