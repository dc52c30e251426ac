import { isThenable } from '@switchgear/core/kit';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job } from '../job/job.js';
import type { LoadedTarget } from '../target/loaded-target.js';
import { decide, type Measured, type Threads } from './plan.js';
import { Sample } from './sample.js';

/** The loop lets the event loop turn this often. */
const SLICE_MS = 8;
/** A stride is a number of items that are measured together. It grows or shrinks to take about this long. */
const STRIDE_MS = { shortest: 0.25, longest: 2 };
const MAX_STRIDE_ITEMS = 8_192;
/** Within a stride, the clock is checked every 32 items: a stride may take longer than the one before it. A power of 2. */
const CLOCK_CHECK_INTERVAL = 32;

/** Items that follow each other. */
interface Run {
  readonly first: number;
  readonly values: readonly unknown[];
}

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
  let rest: Run = { first: 0, values: [] };
  while (job.left !== 0 || rest.values.length > 0) {
    if (job.isEnded) break;
    // The reader of a stream has not come so far.
    if (rest.values.length === 0 && !job.isReady) await job.untilReady();
    const startedAt = performance.now();
    const run = rest.values.length > 0 ? rest : job.takeRun(stride);
    const done = await runStride(job, target, run, startedAt + STRIDE_MS.longest);
    rest = { first: run.first + done, values: done === run.values.length ? [] : run.values.slice(done) };
    const now = performance.now();
    const taken = now - startedAt;
    sample.add(done, taken);
    const left = job.left === undefined ? undefined : job.left + rest.values.length;
    const known = { items: sample.items, itemTime: sample.itemTime, left };
    measured(known, sample.elapsed);
    job.measure(done, taken);
    job.ran(done);
    const isDecidable = threads !== undefined && sample.isEnough && left !== 0;
    if (isDecidable && decide(known, threads()) === 'workers') {
      job.giveBackRun(rest.first, rest.values);
      return true;
    }
    if (taken < STRIDE_MS.shortest) stride = Math.min(stride * 2, MAX_STRIDE_ITEMS);
    else if (taken > STRIDE_MS.longest) stride = Math.max(1, Math.min(stride >> 1, done));
    if (now - turnedAt >= SLICE_MS) {
      await nextTurn();
      turnedAt = performance.now();
    }
  }
  return false;
}

/**
 * Runs items that follow each other, and tells of them together: to tell of each alone would cost more than most of them take.
 *
 * @param until when it is to stop, even if there are more; in ms of `performance.now`
 * @returns how many have run
 */
async function runStride(job: Job, target: LoadedTarget, run: Run, until: number): Promise<number> {
  const { first, values } = run;
  let results: unknown[] = [];
  let done = 0;
  const tell = (): void => {
    job.succeeded(first + done, results);
    done += results.length;
    results = [];
  };
  while (done + results.length < values.length && !job.isEnded) {
    try {
      const promise = runUntilPromise(job, target, values, done, results, until);
      if (promise !== undefined) results.push(await promise);
    } catch (error) {
      tell();
      job.failed(first + done++, error);
    }
    if (performance.now() >= until) break;
  }
  tell();
  // Nobody asks for those that an end has left.
  return job.isEnded ? values.length : done;
}

/** A function of its own, free of promises, that the compiler makes fast. */
function runUntilPromise(
  job: Job,
  target: LoadedTarget,
  values: readonly unknown[],
  done: number,
  results: unknown[],
  until: number,
): PromiseLike<unknown> | undefined {
  const { isSpread } = job.options;
  for (let i = done + results.length; i < values.length && !job.isEnded; i++) {
    if ((i + 1) % CLOCK_CHECK_INTERVAL === 0 && performance.now() >= until) return undefined;
    const result = isSpread ? target.call(values[i] as readonly unknown[]) : target.callWith(values[i]);
    if (isThenable(result)) return result;
    results.push(result);
  }
  return undefined;
}
