import type { Chunk } from './chunk.js';
import type { Lane } from './lane.js';

/** The part of a lane that says what its surplus is. */
export type BusyLane = Pick<Lane, 'lastMessageAt' | 'isStarting' | 'chunks' | 'begunCount'>;

/** Items that a busy worker has in hand and has not begun. An idle one could begin them at once. */
export interface Surplus<L> {
  readonly lane: L;
  readonly chunk: Chunk;
  /** How long the items will take, in ms; Infinity if unknown. */
  readonly time: number;
}

/** A worker reports every few ms. One that has been silent for this long runs a long item, and how long it will take is unknown. */
export const SILENT_MS = 20;

/** The greatest surplus of all lanes. */
export function surplusOf<L extends BusyLane>(lanes: Iterable<L>, now: number): Surplus<L> | undefined {
  let greatest: Surplus<L> | undefined;
  for (const lane of lanes) {
    const isSilent = now - lane.lastMessageAt >= SILENT_MS;
    // The worker has just got its chunk while it was idle, and will begin it at once.
    if (!lane.isStarting && !isSilent && lane.chunks.every((chunk) => lane.begunCount(chunk) === 0)) continue;
    for (const chunk of lane.chunks) {
      const unbegunCount = chunk.job.isDivisible ? chunk.items.length - lane.begunCount(chunk) : 0;
      const time = isSilent ? Infinity : unbegunCount * (chunk.job.itemTime ?? Infinity);
      if (unbegunCount > 0 && time > (greatest?.time ?? 0)) greatest = { lane, chunk, time };
    }
  }
  return greatest;
}
