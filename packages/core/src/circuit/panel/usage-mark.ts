import type { Memory } from '../memory/memory.js';
import { Field } from '../memory/record.js';

/** Circuits that arguments name make room for each other when nobody uses them; circuits that are declared are kept. */
const Use = { idle: 0, used: 1, kept: 2 };

/** A circuit that was just made is in use. */
export function initialUse(memory: Memory, at: number): void {
  memory.store(at + Field.use, Use.used);
}

/** Says that a circuit is in use: it is not the next to make room. */
export function markUsed(memory: Memory, at: number): void {
  if (memory.peek(at + Field.use) === Use.idle) memory.compareAndSet(at + Field.use, Use.idle, Use.used);
}

/** Says that a circuit is never to make room. */
export function keep(memory: Memory, at: number): void {
  if (memory.peek(at + Field.use) !== Use.kept) memory.store(at + Field.use, Use.kept);
}

/** Whether nobody has used a circuit since this was last asked. */
export function wasIdle(memory: Memory, at: number): boolean {
  if (memory.load(at + Field.use) === Use.idle) return true;
  memory.compareAndSet(at + Field.use, Use.used, Use.idle);
  return false;
}
