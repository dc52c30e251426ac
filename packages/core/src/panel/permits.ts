import type { Memory, Wide } from './memory.js';
import { ASKING, isAsking, KEPT, keptIn, PermitLine, usedIn } from './permit-line.js';

/** One of the two things that threads share through their lines: permits, or places in the queue. */
export interface Pool {
  /** Where in a line the word is. */
  readonly word: number;
  readonly changes: number;
  /** Where in a line permits are that were given to the thread and that it has not seen; places have none. */
  readonly granted: number | undefined;
}

export const PERMITS: Pool = {
  word: PermitLine.permits,
  changes: PermitLine.permitChanges,
  granted: PermitLine.granted,
};
export const PLACES: Pool = {
  word: PermitLine.places,
  changes: PermitLine.placeChanges,
  granted: undefined,
};

/** A thread's line, and how it finds those of the others. */
export interface Holder {
  readonly memory: Memory;
  /** The position of the thread's own line. */
  readonly at: number;
  /** All lines of the record, this one included. */
  lines(): readonly number[];
}

/**
 * Takes one permit for this thread.
 *
 * A permit that the thread keeps is taken by one compare-and-set of its own line. For any other the thread writes into its line that
 * it is asking, and then adds up all lines. If there is room, it turns that into a permit; of two threads that ask
 * for the last permit, at least the later one sees the other, so that never more than `max` are held.
 *
 * Otherwise it makes room: it takes back a permit that another thread keeps, or the question of another thread, which has to
 * begin anew. Only where neither is left, and `max` permits were held at one moment, does it give up.
 *
 * @returns false if all permits were held, at one moment of this call
 */
export function take(holder: Holder, pool: Pool, max: number): boolean {
  const { memory, at } = holder;
  const own = at + pool.word;
  for (let word = memory.peek(own); ; word = memory.load(own)) {
    noteChange(memory, at, pool);
    if (keptIn(word) > 0) {
      if (memory.compareAndSet(own, word, word + 1 - KEPT)) return true;
      continue;
    }
    const asking = word | ASKING;
    if (!memory.compareAndSet(own, word, asking)) continue;
    for (;;) {
      // Read after this thread has asked: a thread that comes later sees this one.
      const lines = holder.lines();
      const room = hasRoom(memory, lines, pool, max);
      if (room === 'yes') {
        if (memory.compareAndSet(own, asking, word + 1)) return true;
        break;
      }
      if (room === 'unknown') {
        if (memory.load(own) !== asking) break;
        continue;
      }
      if (takeBackKept(memory, lines, at, pool)) continue;
      if (heldIn(memory, lines, pool, false) < max) {
        withdrawOthers(memory, lines, at, pool);
      } else if (wasFull(memory, lines, pool, max)) {
        memory.compareAndSet(own, asking, word);
        return false;
      }
      // Another thread has taken the question back.
      if (memory.load(own) !== asking) break;
    }
  }
}

/**
 * Gives one permit back.
 *
 * @param keep the number of permits that the thread may keep for its next calls
 */
export function giveBack({ memory, at }: Holder, pool: Pool, keep: number): void {
  const own = at + pool.word;
  noteChange(memory, at, pool);
  for (let word = memory.peek(own); ; word = memory.load(own)) {
    const left = keptIn(word) < keep ? word - 1 + KEPT : word - 1;
    if (memory.compareAndSet(own, word, left)) return;
  }
}

/** Takes a permit that another thread has given to a call of this one that waits. False if there is none. */
export function takeGranted({ memory, at }: Holder): boolean {
  if (memory.load(at + PermitLine.granted) <= 0) return false;
  noteChange(memory, at, PERMITS);
  const own = at + PermitLine.permits;
  // For a moment the permit counts twice, so that no other thread takes it meanwhile.
  for (let word = memory.load(own); !memory.compareAndSet(own, word, word + 1);) word = memory.load(own);
  memory.add(at + PermitLine.granted, -1);
  return true;
}

/** The number of permits that are held, or of places that are taken, in all threads. */
export function heldIn(memory: Memory, lines: readonly number[], pool: Pool, withAsking: boolean): number {
  let held = 0;
  for (let i = 0; i < lines.length; i++) {
    const word = memory.load(lines[i] + pool.word);
    held += usedIn(word) + keptIn(word);
    if (withAsking && isAsking(word)) held++;
    if (pool.granted !== undefined) held += memory.load(lines[i] + pool.granted);
  }
  return held;
}

/** Says to the other threads that a permit of this one is about to come or go. */
export function noteChange(memory: Memory, at: number, pool: Pool): void {
  memory.doubles[(at + pool.changes) >> 1]++;
}

/** Frees a permit that another thread keeps. False if no other thread keeps one. */
function takeBackKept(memory: Memory, lines: readonly number[], at: number, pool: Pool): boolean {
  for (const line of lines) {
    if (line === at) continue;
    for (let word = memory.load(line + pool.word); keptIn(word) > 0; word = memory.load(line + pool.word)) {
      if (memory.compareAndSet(line + pool.word, word, word - KEPT)) return true;
    }
  }
  return false;
}

/** Takes back the questions of other threads, which may have died. Those that live ask again. */
function withdrawOthers(memory: Memory, lines: readonly number[], at: number, pool: Pool): void {
  for (const line of lines) {
    if (line === at) continue;
    const word = memory.load(line + pool.word);
    if (isAsking(word)) memory.compareAndSet(line + pool.word, word, word & ~ASKING);
  }
}

/**
 * Whether there is room for all that ask, this thread included. A permit that one thread gives to another moves from line to line. A
 * reading that misses it finds room where there is none, so it counts only if nothing has moved.
 */
function hasRoom(
  memory: Memory,
  lines: readonly number[],
  pool: Pool,
  max: number,
): 'yes' | 'no' | 'unknown' {
  // The only line has all permits, and places never move.
  if (lines.length === 1 || pool.granted === undefined)
    return heldIn(memory, lines, pool, true) <= max ? 'yes' : 'no';
  const changes = changesOf(memory, lines, pool);
  const reading = readingOf(memory, lines, pool);
  if (reading.held + reading.kept + reading.asking > max) return 'no';
  return hasMoved(memory, lines, pool, reading, changes) ? 'unknown' : 'yes';
}

/**
 * Whether all permits were held at one moment. Reading line by line is not enough, because a permit may move from a line that is
 * not read yet to one that is. If two readings are equal, and no thread has noted a change in between, nothing has moved.
 */
function wasFull(memory: Memory, lines: readonly number[], pool: Pool, max: number): boolean {
  const changes = changesOf(memory, lines, pool);
  const reading = readingOf(memory, lines, pool);
  if (reading.held < max || reading.kept > 0) return false;
  return !hasMoved(memory, lines, pool, reading, changes);
}

/** Whether a second reading differs from the first, or a thread has noted a change since before the first. */
function hasMoved(
  memory: Memory,
  lines: readonly number[],
  pool: Pool,
  first: Reading,
  changes: readonly Wide[],
): boolean {
  const second = readingOf(memory, lines, pool);
  if (first.words.some((word, i) => word !== second.words[i])) return true;
  return lines.some((line, i) => {
    const { low, high } = memory.loadWide(line + pool.changes);
    return low !== changes[i].low || high !== changes[i].high;
  });
}

function changesOf(memory: Memory, lines: readonly number[], pool: Pool): readonly Wide[] {
  return lines.map((line) => memory.loadWide(line + pool.changes));
}

interface Reading {
  readonly words: readonly number[];
  readonly held: number;
  readonly kept: number;
  /** How many threads ask. */
  readonly asking: number;
}

function readingOf(memory: Memory, lines: readonly number[], pool: Pool): Reading {
  const words: number[] = [];
  let held = 0;
  let kept = 0;
  let asking = 0;
  for (const line of lines) {
    const whole = memory.load(line + pool.word);
    if (isAsking(whole)) asking++;
    const word = whole & ~ASKING;
    const granted = pool.granted === undefined ? 0 : memory.load(line + pool.granted);
    words.push(word, granted);
    held += usedIn(word) + granted;
    kept += keptIn(word);
  }
  return { words, held, kept, asking };
}
