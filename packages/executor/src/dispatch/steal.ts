import type { Chunk } from './chunk.js';
import type { Lane } from './lane.js';

/** The part of a lane that says what its surplus is. */
export type BusyLane = Pick<Lane, 'lastMessageAt' | 'patience' | 'isStarting' | 'chunks' | 'begunCount'>;

/** Items that a busy worker has in hand and has not begun. An idle one could begin them at once. */
export interface Surplus<L> {
  readonly lane: L;
  readonly chunk: Chunk;
  /** How long the items will take, in ms; Infinity if unknown. */
  readonly time: number;
  /** Whether their worker was idle when it got them, and has not begun any. */
  readonly isStuck: boolean;
}

/** A worker reports every few ms. One that has been silent for this long runs a long item, and how long it will take is unknown. */
export const SILENT_MS = 20;

/** The greatest surplus of all lanes. */
export function surplusOf<L extends BusyLane>(lanes: Iterable<L>, now: number): Surplus<L> | undefined {
  let greatest: Surplus<L> | undefined;
  for (const lane of lanes) {
    const silence = now - lane.lastMessageAt;
    const isSilent = silence >= SILENT_MS;
    const isStuck = lane.chunks.every((chunk) => lane.begunCount(chunk) === 0);
    if (isStuck && isAboutToBegin(lane, silence)) continue;
    for (const chunk of lane.chunks) {
      const unbegunCount = unbegunCountOf(lane, chunk);
      const time = isSilent ? Infinity : unbegunCount * (chunk.job.itemTime ?? Infinity);
      if (unbegunCount > 0 && time > (greatest?.time ?? 0)) greatest = { lane, chunk, time, isStuck };
    }
  }
  return greatest;
}

/** Whether a worker has items in hand that it has not begun and that may be taken back. */
export function hasUnbegun(lane: BusyLane): boolean {
  return lane.chunks.some((chunk) => unbegunCountOf(lane, chunk) > 0);
}

/**
 * Whether a worker that has begun nothing of what it has in hand will do so before another one could. It has just got its chunk while it was
 * idle, and reads it: a large one takes it as long as it took to send. An item that was taken from such a worker before stays: else two
 * workers would hand it to and fro.
 */
function isAboutToBegin({ isStarting, patience, chunks }: BusyLane, silence: number): boolean {
  if (isStarting) return silence < patience;
  return silence < SILENT_MS + patience || chunks.some(({ items }) => items.some(({ wasStuck }) => wasStuck));
}

function unbegunCountOf(lane: BusyLane, chunk: Chunk): number {
  return chunk.job.isDivisible ? chunk.items.length - lane.begunCount(chunk) : 0;
}
