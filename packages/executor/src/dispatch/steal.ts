import type { Chunk } from './chunk.js';
import type { Lane } from './lane.js';

/** What has to be known of a lane to find its surplus. */
export type BusyLane = Pick<Lane, 'lastMessageAt' | 'isStarting' | 'chunks' | 'begunCount'>;

/** Items that a busy lane has in hand, and that an idle one could begin at once. */
export interface Surplus<L> {
  readonly lane: L;
  readonly chunk: Chunk;
  /** How long they will take, in ms; Infinity where nobody knows. */
  readonly time: number;
}

/** A worker reports every few ms. One that has been silent for this long runs a long item, and how long it will take is unknown. */
export const SILENT_MS = 20;

/** The greatest one that there is. */
export function surplusOf<L extends BusyLane>(lanes: Iterable<L>, now: number): Surplus<L> | undefined {
  let greatest: Surplus<L> | undefined;
  for (const lane of lanes) {
    const isSilent = now - lane.lastMessageAt >= SILENT_MS;
    // What has just been sent to a worker that had nothing to do will begin at once.
    if (!lane.isStarting && !isSilent && lane.chunks.every((chunk) => lane.begunCount(chunk) === 0)) continue;
    for (const chunk of lane.chunks) {
      const unbegunCount = chunk.job.isDivisible ? chunk.items.length - lane.begunCount(chunk) : 0;
      const time = isSilent ? Infinity : unbegunCount * (chunk.job.itemTime ?? Infinity);
      if (unbegunCount > 0 && time > (greatest?.time ?? 0)) greatest = { lane, chunk, time };
    }
  }
  return greatest;
}
