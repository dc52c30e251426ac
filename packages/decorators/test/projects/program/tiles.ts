import { threadId } from 'node:worker_threads';
import { CircuitBreaker } from '@switchgear/decorators';
import { Parallel } from '@switchgear/executor';

class TileError extends Error {
  override readonly name = 'TileError';
}

/** Tiles of a map, for executors. */
@Parallel()
export class Tiles {
  /** How many there are, and which thread says so. */
  count(zoom: number): { tiles: number; thread: number } {
    return { tiles: 4 ** zoom, thread: threadId };
  }

  @CircuitBreaker({ key: 'tile-server', failureThreshold: 2, resetTimeout: '30s' })
  async fetch(name: string): Promise<string> {
    if (name === '') throw new TileError('no such tile');
    return `tile ${name}`;
  }
}
