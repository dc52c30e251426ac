import { Pool, type PoolOptions } from '../../src/dispatch/pool.js';
import type { JobOptions } from '../../src/job/job.js';
import { type FakeWorker, fakeWorkers } from './fake-worker.js';
import { jestEventLoop } from './jest-event-loop.js';
import { RecordedJob } from './recorded-job.js';

export interface Staff {
  /** The workers that had to be terminated, with what was open in them. */
  readonly terminated: readonly (readonly [thread: number, resources: readonly string[]])[];
  readonly pool: Pool;
  readonly hired: readonly FakeWorker[];
  readonly reclaimed: readonly number[];
}

/** A pool, and whom it hires. */
export function staff(workers: number, startTimeout = 30_000, options?: Partial<PoolOptions>): Staff {
  const { open, hired } = fakeWorkers();
  const reclaimed: number[] = [];
  const terminated: (readonly [number, readonly string[]])[] = [];
  const pool = new Pool({
    workers,
    open,
    startTimeout,
    reclaim: (threadId) => reclaimed.push(threadId),
    loop: jestEventLoop,
    listener: {
      ended: () => undefined,
      terminated: (thread, resources) => terminated.push([thread, resources]),
    },
    ...options,
  });
  return { pool, hired, reclaimed, terminated };
}

/** A pool of one worker, which is ready. */
export function oneMan(
  record: RecordedJob,
  options?: Partial<PoolOptions>,
): Staff & { readonly worker: FakeWorker } {
  const all = staff(1, undefined, options);
  all.pool.add(record.job);
  const [worker] = all.hired;
  worker.isReady();
  return { ...all, worker };
}

/** A job whose items are known to take half a millisecond. */
export function short(items: Iterable<unknown>, options?: Partial<JobOptions>): RecordedJob {
  const record = new RecordedJob(items, options);
  record.job.measure(1, 0.5);
  return record;
}

export const range = (length: number): number[] => Array.from({ length }, (_, n) => n);
