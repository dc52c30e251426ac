import type { Item } from '../job/item.js';
import type { Chunk } from './chunk.js';

/** A worker has ended: how, and what it had in hand. */
export interface LaneEnd {
  /** Whether it ended before it was ready. */
  readonly wasStarting: boolean;
  /** Whether the lane terminated it. */
  readonly wasTerminated: boolean;
  readonly exitCode: number;
  /** What the worker failed with, or a WorkerStartError; undefined where it just exited. */
  readonly error: unknown;
  readonly chunks: readonly Chunk[];
  /** The item that was running. */
  readonly running: Item | undefined;
}
