import { threadId } from 'node:worker_threads';

/** Computes for so many ms. */
function spin(ms: number): number {
  const end = performance.now() + ms;
  let sum = 0;
  while (performance.now() < end) sum++;
  return sum;
}

/** The same work for every pool. */
export class PlainWork {
  trivial(n: number): number {
    return n + 1;
  }

  compute(ms: number): number {
    return spin(ms);
  }

  /** Makes 100 kB of 100 kB. */
  invert(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => 255 - byte);
  }

  /** Computes for half a millisecond, and writes down when it was done: in epoch ms, each thread in a cell of its own. */
  mark(ends: Float64Array): number {
    spin(0.5);
    ends[threadId % ends.length] = performance.timeOrigin + performance.now();
    return 1;
  }
}
