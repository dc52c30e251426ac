import { threadId } from 'node:worker_threads';
import { withRetry } from '@switchgear/core';
import { Parallel, parallel } from '@switchgear/executor';

// Node's own type stripping cannot compile it: whoever runs this file has a compiler.
enum Factor {
  Two = 2,
}

declare const globalThis: { preloads?: string[] };

@Parallel()
class Tiles {
  count(zoom: number): number {
    return zoom * Factor.Two;
  }

  static half(zoom: number): number {
    return zoom / Factor.Two;
  }
}
export { Tiles };

export const lookup = withRetry()(
  parallel(async function lookup(n: number) {
    return [n, threadId > 0 ? 'in a worker' : 'here', ...(globalThis.preloads ?? [])] as const;
  }),
);
