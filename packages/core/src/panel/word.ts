import type { Memory, Wide } from './memory.js';

/**
 * The word of a record: 64 bits that change only by compare-and-set.
 *
 * ```
 * low   [ the kind's own 9 | generation 19 | phase 4 ]
 * high  [ the kind's own; of a reserved record the id of the thread that reserved it ]
 * ```
 *
 * The panel knows three stages of a record. Phases above `live` belong to the kind of the record.
 */
export type Word = Wide;

export const Stage = {
  free: 0,
  reserved: 1,
  /** The phase in which a new record begins. */
  live: 2,
} as const;

/** The phase in the low half of a word: a {@link Stage}, or a phase of the record's kind. */
export function stageOf(low: number): number {
  return low & 15;
}

export function isLive(phase: number): boolean {
  return phase >= Stage.live;
}

export const GENERATION_BITS = 19;
export const GENERATION_MASK: number = (1 << GENERATION_BITS) - 1;

/** The latest moment that memory can hold: 37 bits of milliseconds since the panel was made, 4.3 years. */
export const LAST_MOMENT: number = 2 ** 37 - 1;

export function readWord(memory: Memory, at: number): Word {
  return memory.loadWide(at);
}

/** Replaces the word. A record changes in no other way. False if the word was not `from` any more. */
export function replaceWord(memory: Memory, at: number, from: Word, to: Word): boolean {
  return memory.compareAndSetWide(at, from, to.low, to.high);
}

export function generationOf(low: number): number {
  return (low >>> 4) & GENERATION_MASK;
}

/** The next generation. Generations wrap; they are compared only for equality and by {@link isNewerGeneration}. */
export function nextGeneration(low: number): number {
  return (generationOf(low) + 1) & GENERATION_MASK;
}

export function previousGeneration(generation: number): number {
  return (generation - 1) & GENERATION_MASK;
}

/** Whether generation `a` came after `b`, where the difference is less than half the range. */
export function isNewerGeneration(a: number, b: number): boolean {
  const ahead = (a - b) & GENERATION_MASK;
  return ahead !== 0 && ahead < 1 << (GENERATION_BITS - 1);
}

export function tagOf(phase: number, generation: number): number {
  return (generation << 4) | phase;
}

/** The word of a record that is free. */
export function freeWord(generation: number): Word {
  return { low: tagOf(Stage.free, generation), high: 0 };
}
