import type { Transition } from '../machine/transition.js';
import { Header, type Layout, RING_ENTRIES, RING_ENTRY_CELLS } from '../../panel/layout.js';
import type { Memory } from '../../panel/memory.js';
import { hashCells } from '../../panel/text.js';
import type { Phase } from '../memory/word.js';

/** A transition as other threads read it. */
export interface LoggedTransition extends Transition {
  /** The position of the circuit's record, and its incarnation, which earlier circuits in the record did not have. */
  readonly record: number;
  readonly incarnation: number;
  /** The id of the thread that made it. */
  readonly thread: number;
}

export interface LoggedTransitions {
  readonly transitions: readonly LoggedTransition[];
  /** How many entries have a number but cannot be read: their thread is still writing, or has died. */
  readonly missed: number;
  /** How many entries were overwritten before this thread read them. */
  readonly overrun: number;
  /** The number of the next entry to read. */
  readonly cursor: number;
}

const MOMENT_LOW = 2 ** 28;
const FIELDS = 7;

/**
 * Writes a transition to the ring, and wakes the threads that wait for transitions.
 *
 * An entry is seven fields, and a checksum of these and of the entry's number, written last. An entry that is half-written
 * has a wrong checksum, and so has one that a thread has overwritten which was late by a whole round of the ring.
 */
export function appendTransition(memory: Memory, layout: Layout, it: LoggedTransition): void {
  const number = memory.add(Header.logged, 1);
  const at = entryAt(layout, number);
  const fields = [
    it.record,
    it.incarnation,
    it.generation,
    (it.from << 8) | it.to,
    it.thread,
    // `at` has 37 bits: the low 28 here, the high 9 above the 22-bit failure count.
    it.at % MOMENT_LOW,
    (Math.floor(it.at / MOMENT_LOW) << 22) | Math.min(it.failures, 2 ** 22 - 1),
  ];
  fields.forEach((field, i) => {
    memory.store(at + i, field);
  });
  memory.store(at + FIELDS, hashCells(fields, number));
  memory.wake(Header.logged);
}

/** The transitions that were written to the ring since `cursor`. */
export function readTransitions(memory: Memory, layout: Layout, cursor: number): LoggedTransitions {
  const head = memory.load(Header.logged);
  const behind = (head - cursor) >>> 0;
  const overrun = Math.max(0, behind - RING_ENTRIES);
  const transitions: LoggedTransition[] = [];
  let missed = 0;
  for (let number = (cursor + overrun) | 0; number !== head; number = (number + 1) | 0) {
    const transition = readEntry(memory, entryAt(layout, number), number);
    if (transition === undefined) missed++;
    else transitions.push(transition);
  }
  return { transitions, missed, overrun, cursor: head };
}

function readEntry(memory: Memory, at: number, number: number): LoggedTransition | undefined {
  const fields = Array.from({ length: FIELDS }, (_, i) => memory.load(at + i));
  if (memory.load(at + FIELDS) !== hashCells(fields, number)) return undefined;
  const [record, incarnation, generation, phases, thread, low, high] = fields as [
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
    incarnation,
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
