import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { ParallelExecutor } from '@switchgear/executor';
import { Piscina } from 'piscina';
import { FixedThreadPool } from 'poolifier';
import { Tinypool } from 'tinypool';
import workerpool from 'workerpool';
import { type Task, thread } from './executor-thread.js';
import { Work } from './executor-work.js';

export type Method = Task['method'];

/** A pool of two threads that runs a method for each item. */
export interface Pool {
  readonly name: string;
  map(method: Method, items: readonly unknown[]): Promise<readonly unknown[]>;
  close(): Promise<unknown>;
}

export const WORKERS = 2;
/** A common size of chunks that are made by hand. */
const CHUNK = 64;

export function ours(placement: 'auto' | 'workers'): Pool {
  const executor = new ParallelExecutor({ workers: WORKERS });
  return {
    name: placement === 'auto' ? '`executor.map`' : "`executor.map`, `placement: 'workers'`",
    map: (method, items) => executor.map(Work, method, items as never[], { placement }),
    close: () => executor.close(),
  };
}

export function loop(): Pool {
  const work = new Work();
  return {
    name: 'a plain loop',
    map(method, items) {
      const results: unknown[] = [];
      for (const item of items) results.push(work[method](item as never));
      return Promise.resolve(results);
    },
    close: () => Promise.resolve(),
  };
}

/** No pool, but one thread that answers one message. */
export function byHand(): Pool {
  const worker = new Worker(thread, { argv: ['--by-hand'] });
  return {
    name: 'by hand',
    async map(method, items) {
      worker.postMessage({ method, items } satisfies Task);
      const [results] = (await once(worker, 'message')) as [unknown[]];
      return results;
    },
    close: () => worker.terminate(),
  };
}

/** The same pool twice: with a task for each item, and with a task for each 64 items. */
function both(
  name: string,
  run: (task: Task) => Promise<unknown[]>,
  close: () => Promise<unknown>,
): readonly Pool[] {
  return [1, CHUNK].map((size) => ({
    name: size === 1 ? name : `${name}, ${size} items a task`,
    async map(method, items) {
      const tasks: Promise<unknown[]>[] = [];
      for (let i = 0; i < items.length; i += size)
        tasks.push(run({ method, items: items.slice(i, i + size) }));
      return (await Promise.all(tasks)).flat();
    },
    // The two share the pool, and one of them closes it.
    close: size === 1 ? close : () => Promise.resolve(),
  }));
}

export function others(): readonly Pool[] {
  return [...piscina(), ...tinypool(), ...workerpoolOf(), ...poolifier()];
}

export function piscina(): readonly Pool[] {
  const pool = new Piscina({
    filename: thread,
    minThreads: WORKERS,
    maxThreads: WORKERS,
    maxQueue: Infinity,
  });
  return both(
    'piscina',
    (task) => pool.run(task) as Promise<unknown[]>,
    () => pool.destroy(),
  );
}

function tinypool(): readonly Pool[] {
  const pool = new Tinypool({ filename: thread, minThreads: WORKERS, maxThreads: WORKERS });
  return both(
    'tinypool',
    (task) => pool.run(task) as Promise<unknown[]>,
    () => pool.destroy(),
  );
}

function workerpoolOf(): readonly Pool[] {
  const pool = workerpool.pool(file('executor-thread-workerpool.js'), {
    minWorkers: WORKERS,
    maxWorkers: WORKERS,
    workerType: 'thread',
  });
  return both(
    'workerpool',
    (task) => Promise.resolve(pool.exec('run', [task]) as PromiseLike<unknown[]>),
    () => Promise.resolve(pool.terminate()),
  );
}

function poolifier(): readonly Pool[] {
  const pool = new FixedThreadPool<Task, unknown[]>(WORKERS, file('executor-thread-poolifier.js'));
  return both(
    'poolifier',
    async (task) => await pool.execute(task),
    () => pool.destroy(),
  );
}

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
