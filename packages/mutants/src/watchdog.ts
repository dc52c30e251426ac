import { Worker } from 'node:worker_threads';

/**
 * Ends this process when a mutant hangs it in a loop that never gives up the thread. Stryker would do so too, but only after
 * it has waited for all the specs of the mutant and more: minutes instead of seconds.
 */
const watched = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));

/** The cells of what is watched: a number that changes with each call of `watch`, the time it has, and the mutant. */
export const Cell = { turn: 0, ms: 1, mutant: 2 } as const;

let thread: Worker | undefined;

/** From now on the mutant may run for so many milliseconds, until the next call. */
export function watch(mutant: string, ms: number): void {
  thread ??= start();
  watched[Cell.mutant] = Number(mutant);
  watched[Cell.ms] = ms;
  Atomics.add(watched, Cell.turn, 1);
  Atomics.notify(watched, Cell.turn);
}

/** Nothing runs. */
export function standDown(): void {
  if (thread !== undefined) watch('0', 0);
}

function start(): Worker {
  const worker = new Worker(new URL('watchdog-thread.js', import.meta.url), { workerData: watched });
  worker.unref();
  return worker;
}
