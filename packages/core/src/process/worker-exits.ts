import type { Worker } from 'node:worker_threads';
import { threadSingleton } from './thread-singleton.js';

/** Who wants to know that a thread has ended, while it lives itself. */
export interface HearsOfExits {
  /** @param thread a worker that this thread had started; the workers that it had started have ended before it */
  threadEnded(thread: number): void;
}

const hearers = threadSingleton('worker exits', () => {
  const all = new Set<WeakRef<HearsOfExits>>();
  process.on('worker', (worker: Worker) => {
    // Once it has ended it has no id.
    const { threadId } = worker;
    worker.once('exit', () => {
      for (const ref of all) {
        const hearer = ref.deref();
        if (hearer === undefined) all.delete(ref);
        else hearer.threadEnded(threadId);
      }
    });
  });
  return all;
});

/** Tells of each worker of this thread that ends, however it ends. */
export function hearOfExits(hearer: HearsOfExits): void {
  hearers.add(new WeakRef(hearer));
}
