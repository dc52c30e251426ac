import type { Memory } from './memory.js';
import { Field } from './record.js';
import { kindNumber } from './record-kind.js';

/**
 * What a thread has in its line of a record with permits. Only lines say who holds a permit, so that the permits of a dead
 * thread come free with its line.
 *
 * ```
 * permits, places: [ asking 1 | kept 11 | used 20 ]
 * ```
 */
export const PermitLine = {
  /** The permits that the thread holds. */
  permits: 6,
  /** The places in the queue that calls of the thread have. None of them is kept. */
  places: 7,
  /** Permits that other threads have given to calls of this thread that wait. */
  granted: 8,
  /** Changes when this thread is to look after its calls that wait. */
  wake: 9,
  /** How many times the thread has taken or given back permits, as a double, counted before each of them. */
  permitChanges: 10,
  placeChanges: 12,
} as const;

/** The cells of a record with permits beyond those of all records. */
export const PermitRecord = {
  /** 1 while a call may be waiting, in any thread. */
  waiting: 20,
  /** The line of the thread that was given the last permit. */
  turn: 21,
} as const;

const KINDS_WITH_PERMITS: readonly number[] = [kindNumber('bulkhead')];

const USED_BITS = 20;
const KEPT_BITS = 11;

/** The largest number of permits, or of places, that a line can hold. */
export const MAX_PERMITS = 1_000_000;
/** The largest number of permits that a thread can keep. */
export const MAX_KEPT: number = 2 ** KEPT_BITS - 1;
/** One permit that is kept. */
export const KEPT: number = 1 << USED_BITS;
/** The thread asks whether there is a permit for it. */
export const ASKING: number = 1 << 31;

export function usedIn(word: number): number {
  return word & (KEPT - 1);
}

export function keptIn(word: number): number {
  return (word >>> USED_BITS) & MAX_KEPT;
}

export function isAsking(word: number): boolean {
  return word < 0;
}

/** Writes what a new record with permits begins with. */
export function beginPermits(memory: Memory, at: number): void {
  memory.store(at + PermitRecord.waiting, 0);
  memory.store(at + PermitRecord.turn, 0);
}

/**
 * Frees the permits and places in the line of a dead thread, and wakes the threads whose calls wait.
 *
 * @param at the position of the record
 * @param lines all lines of the record
 */
export function giveBackPermits(memory: Memory, at: number, line: number, lines: Iterable<number>): void {
  if (!KINDS_WITH_PERMITS.includes(memory.load(at + Field.kind))) return;
  for (const cell of [PermitLine.places, PermitLine.granted, PermitLine.permits])
    memory.store(line + cell, 0);
  wakeWaiting(memory, lines);
}

/** Wakes all threads whose calls wait. */
export function wakeWaiting(memory: Memory, lines: Iterable<number>): void {
  for (const line of lines) if (usedIn(memory.load(line + PermitLine.places)) > 0) wakeThread(memory, line);
}

export function wakeThread(memory: Memory, line: number): void {
  memory.add(line + PermitLine.wake, 1);
  memory.wake(line + PermitLine.wake);
}
