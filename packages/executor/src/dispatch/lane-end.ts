import type { Item } from '../job/item.js';
import type { Chunk } from './chunk.js';
import type { Death } from './death-reason.js';

/** A worker has ended: how, and what it had in hand. */
export interface LaneEnd extends Death {
  /** Whether it ended before it was ready. */
  readonly wasStarting: boolean;
  /** Whether the lane terminated it. */
  readonly wasTerminated: boolean;
  /** Whether it was told to close. */
  readonly wasClosing: boolean;
  /** Whether it had run any item in its life. */
  readonly hasRun: boolean;
  readonly chunks: readonly Chunk[];
  /** The item that was running. */
  readonly running: Item | undefined;
}
