import { threadId } from 'node:worker_threads';

/** Computes for the given number of ms. */
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

  /** Returns 100 kB for 100 kB. */
  invert(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => 255 - byte);
  }

  /** Computes for 0.5 ms, and writes the time of its end, in epoch ms, to the cell of the thread. */
  mark(ends: Float64Array): number {
    spin(0.5);
    ends[threadId % ends.length] = performance.timeOrigin + performance.now();
    return 1;
  }
}
