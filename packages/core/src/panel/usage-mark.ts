import type { Memory } from './memory.js';
import { Field } from './record.js';

/** Whether a record may be evicted: one that arguments name may, once it is idle; one that is declared is pinned. */
const Usage = { idle: 0, used: 1, pinned: 2 };

/** Marks a new record as used. */
export function initialUse(memory: Memory, at: number): void {
  memory.store(at + Field.usage, Usage.used);
}

/** Marks a record as used: the next sweep does not evict it. */
export function markUsed(memory: Memory, at: number): void {
  if (memory.peek(at + Field.usage) === Usage.idle)
    memory.compareAndSet(at + Field.usage, Usage.idle, Usage.used);
}

/** Marks a record as pinned: it is never evicted. */
export function pin(memory: Memory, at: number): void {
  if (memory.peek(at + Field.usage) !== Usage.pinned) memory.store(at + Field.usage, Usage.pinned);
}

/** Whether a record was not used since the last call of this function for it. */
export function wasIdle(memory: Memory, at: number): boolean {
  if (memory.load(at + Field.usage) === Usage.idle) return true;
  memory.compareAndSet(at + Field.usage, Usage.used, Usage.idle);
  return false;
}
