import { threadId } from 'node:worker_threads';
import { withRetry } from '@switchgear/core';
import { CircuitBreaker } from '@switchgear/decorators';
import { Parallel, parallel } from '@switchgear/executor';

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

  static side(tiles: number): number {
    return Math.sqrt(tiles);
  }
}

let calls = 0;

/** A function of a module, without a class; the retries around it belong to what workers run. */
export const locate = withRetry({ initialDelay: '1ms' })(
  parallel(async function locate(name: string) {
    if (++calls % 2 === 1) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return `${name} is found by ${threadId === 0 ? 'this' : 'another'} thread`;
  }),
);
