import type { Worker } from 'node:worker_threads';
import { threadSingleton } from './thread-singleton.js';
import { thisThread } from './thread.js';

/** Who wants to know that threads end, while it lives itself. */
export interface HearsOfExits {
  /**
   * @param thread a worker that this thread had started; the workers that it had started have ended before it
   * @param oldest the lowest id among the living workers of this thread; Infinity where it has none
   */
  threadEnded(thread: number, oldest: number): void;
  /** This thread, which is a worker, ends now. Not called where it is terminated from outside, or out of memory. */
  threadEnds(): void;
}

// Taken now, because tests replace timers.
const later = setImmediate;

const hearers = threadSingleton('worker exits', () => {
  const all = new Set<WeakRef<HearsOfExits>>();
  const each = (call: (hearer: HearsOfExits) => void): void => {
    for (const ref of all) {
      const hearer = ref.deref();
      if (hearer === undefined) all.delete(ref);
      else call(hearer);
    }
  };
  const living = new Set<number>();
  process.on('worker', (worker: Worker) => {
    // Once it has ended it has no id.
    const { threadId } = worker;
    living.add(threadId);
    worker.once('exit', () => {
      living.delete(threadId);
      // A worker is announced one tick after it was made. Before an immediate begins, all ticks have passed: no worker is missing.
      later(() => each((hearer) => hearer.threadEnded(threadId, Math.min(...living)))).unref();
    });
  });
  if (thisThread !== 0) process.once('exit', () => each((hearer) => hearer.threadEnds()));
  return all;
});

/** Calls the hearer for each worker of this thread that ends, however it ends. */
export function hearOfExits(hearer: HearsOfExits): void {
  hearers.add(new WeakRef(hearer));
}
