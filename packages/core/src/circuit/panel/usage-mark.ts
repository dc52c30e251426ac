import type { Memory } from '../memory/memory.js';
import { Field } from '../memory/record.js';

/** Circuits that arguments name make room for each other when nobody uses them; circuits that are declared are kept. */
const Usage = { idle: 0, used: 1, pinned: 2 };

/** A circuit that was just made is in use. */
export function initialUse(memory: Memory, at: number): void {
  memory.store(at + Field.usage, Usage.used);
}

/** Says that a circuit is in use: it is not the next to make room. */
export function markUsed(memory: Memory, at: number): void {
  if (memory.peek(at + Field.usage) === Usage.idle)
    memory.compareAndSet(at + Field.usage, Usage.idle, Usage.used);
}

/** Says that a circuit is never to make room. */
export function pin(memory: Memory, at: number): void {
  if (memory.peek(at + Field.usage) !== Usage.pinned) memory.store(at + Field.usage, Usage.pinned);
}

/** Whether nobody has used a circuit since this was last asked. */
export function wasIdle(memory: Memory, at: number): boolean {
  if (memory.load(at + Field.usage) === Usage.idle) return true;
  memory.compareAndSet(at + Field.usage, Usage.used, Usage.idle);
  return false;
}
