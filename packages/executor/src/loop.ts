import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job } from './job.js';
import { decide, type Measured, type Threads } from './plan/plan.js';
import { Sample } from './plan/sample.js';
import { isThenable } from './thenable.js';
import type { LoadedTarget } from './worker/loaded-target.js';

/** Every so many ms the thread gets on with its events. */
const SLICE = 8;
/** The clock is read about this often, in ms. */
const STRIDE = { shortest: 0.25, longest: 2 };
const MOST_ITEMS = 8_192;

/**
 * Runs a job in this thread, one item after the other, and measures it.
 *
 * @param threads what threads would cost; undefined where the job stays here
 * @param measured hears what is known, and how long the items took in all, each time the clock is read
 * @returns whether threads should do the rest
 */
export async function loop(
  job: Job,
  target: LoadedTarget,
  threads: (() => Threads) | undefined,
  measured: (measured: Measured, elapsed: number) => void,
): Promise<boolean> {
  const sample = new Sample();
  let stride = 1;
  let turnedAt = performance.now();
  while (job.left !== 0) {
    // The reader of a stream has not come so far.
    if (!job.isReady) await job.untilReady();
    const startedAt = performance.now();
    const { first, values } = job.takeRun(stride);
    await runAll(job, target, first, values);
    const now = performance.now();
    const taken = now - startedAt;
    sample.add(values.length, taken);
    const known = { items: sample.items, itemTime: sample.itemTime, left: job.left };
    measured(known, sample.elapsed);
    job.measure(values.length, taken);
    job.ran(values.length);
    const isDecidable = threads !== undefined && sample.isEnough && known.left !== 0;
    if (isDecidable && decide(known, threads()) === 'workers') return true;
    if (taken < STRIDE.shortest) stride = Math.min(stride * 2, MOST_ITEMS);
    else if (taken > STRIDE.longest) stride = Math.max(1, stride >> 1);
    if (now - turnedAt >= SLICE) {
      await nextTurn();
      turnedAt = performance.now();
    }
  }
  return false;
}

/** Runs items that follow each other. They are told of together: to tell of each alone would cost more than most of them take. */
async function runAll(
  job: Job,
  target: LoadedTarget,
  first: number,
  values: readonly unknown[],
): Promise<void> {
  let results: unknown[] = [];
  let told = 0;
  const tell = (): void => {
    job.succeeded(first + told, results);
    told += results.length;
    results = [];
  };
  while (told + results.length < values.length && !job.isEnded) {
    try {
      const result = runUntilPromise(job, target, values, told, results);
      if (result !== undefined) results.push(await result);
    } catch (error) {
      tell();
      job.failed(first + told++, error);
    }
  }
  tell();
}

/** A function of its own, free of promises, that the compiler makes fast. */
function runUntilPromise(
  job: Job,
  target: LoadedTarget,
  values: readonly unknown[],
  told: number,
  results: unknown[],
): PromiseLike<unknown> | undefined {
  const { isSpread } = job.options;
  for (let i = told + results.length; i < values.length && !job.isEnded; i++) {
    const result = isSpread ? target.call(values[i] as readonly unknown[]) : target.callWith(values[i]);
    if (isThenable(result)) return result;
    results.push(result);
  }
  return undefined;
}
