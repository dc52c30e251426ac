import { isMainThread, threadId } from 'node:worker_threads';
import { Parallel, ParallelExecutor } from '@switchgear/executor';

export class Nesting {
  /** Runs items in workers of this worker. */
  async deeper({ items, nested }) {
    const executor = new ParallelExecutor({ workers: 1, placement: 'workers', nested });
    const threads = await executor.map(Nesting, 'thread', items);
    await executor.close();
    return [threadId, ...new Set(threads), isMainThread];
  }

  thread() {
    return threadId;
  }
}
Parallel({ module: import.meta.url })(Nesting);
