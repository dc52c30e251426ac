import type { Transition } from '../machine/transition.js';
import { Header, type Layout, RING_ENTRIES, RING_ENTRY_CELLS } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import { hashCells } from '../memory/text.js';
import type { Phase } from '../memory/word.js';

/** A transition as other threads read it. */
export interface LoggedTransition extends Transition {
  /** The record of the circuit, and the birth that tells it from others that stood there. */
  readonly record: number;
  readonly birth: number;
  /** The id of the thread that made it. */
  readonly thread: number;
}

export interface LoggedTransitions {
  readonly announcements: readonly LoggedTransition[];
  /** How many entries were reserved but not (yet) readable: their thread is busy writing, or died. */
  readonly missed: number;
  /** How many were overwritten before this thread came to read. */
  readonly overrun: number;
  /** Where to go on reading. */
  readonly cursor: number;
}

const MOMENT_LOW = 2 ** 28;
const FIELDS = 7;

/**
 * Tells all threads of a transition.
 *
 * An entry is seven fields and a checksum of them and of its number, written last: a reader that meets an entry
 * half-written, or overwritten by one that was late by a whole round, sees that it does not add up.
 */
export function appendTransition(memory: Memory, layout: Layout, it: LoggedTransition): void {
  const number = memory.add(Header.announced, 1);
  const at = entryAt(layout, number);
  const fields = [
    it.record,
    it.birth,
    it.generation,
    (it.from << 8) | it.to,
    it.thread,
    // The moment in 37 bits: nine of them keep the failures company.
    it.at % MOMENT_LOW,
    (Math.floor(it.at / MOMENT_LOW) << 22) | Math.min(it.failures, 2 ** 22 - 1),
  ];
  fields.forEach((field, i) => {
    memory.store(at + i, field);
  });
  memory.store(at + FIELDS, hashCells(fields, number));
  memory.wake(Header.announced);
}

/** Everything announced since `cursor`. */
export function readTransitions(memory: Memory, layout: Layout, cursor: number): LoggedTransitions {
  const head = memory.load(Header.announced);
  const behind = (head - cursor) >>> 0;
  const overrun = Math.max(0, behind - RING_ENTRIES);
  const announcements: LoggedTransition[] = [];
  let missed = 0;
  for (let number = (cursor + overrun) | 0; number !== head; number = (number + 1) | 0) {
    const announcement = readEntry(memory, entryAt(layout, number), number);
    if (announcement === undefined) missed++;
    else announcements.push(announcement);
  }
  return { announcements, missed, overrun, cursor: head };
}

function readEntry(memory: Memory, at: number, number: number): LoggedTransition | undefined {
  const fields = Array.from({ length: FIELDS }, (_, i) => memory.load(at + i));
  if (memory.load(at + FIELDS) !== hashCells(fields, number)) return undefined;
  const [record, birth, generation, phases, thread, low, high] = fields as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    record,
    birth,
    generation,
    from: (phases >> 8) as Phase,
    to: (phases & 255) as Phase,
    thread,
    at: (high >>> 22) * MOMENT_LOW + low,
    failures: high & (2 ** 22 - 1),
  };
}

function entryAt(layout: Layout, number: number): number {
  return layout.ring + (number & (RING_ENTRIES - 1)) * RING_ENTRY_CELLS;
}
