import { isThenable } from '@switchgear/core/kit';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job } from '../job/job.js';
import type { LoadedTarget } from '../target/loaded-target.js';
import { decide, type Measurement, type ThreadCost } from './plan.js';
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
 * @param onMeasurement hears what is known, and how long the items took in all, each time the clock is read
 * @returns whether threads should do the rest
 */
export async function loop(
  job: Job,
  target: LoadedTarget,
  threads: (() => ThreadCost) | undefined,
  onMeasurement: (measurement: Measurement, elapsed: number) => void,
): Promise<boolean> {
  const sample = new Sample();
  let stride = 1;
  let turnedAt = performance.now();
  let remainder: Run = { first: 0, values: [] };
  while (job.left !== 0 || remainder.values.length > 0) {
    if (job.isEnded) break;
    // The reader of a stream has not come so far.
    if (remainder.values.length === 0 && !job.isReady) await job.untilReady();
    const startedAt = performance.now();
    const run = remainder.values.length > 0 ? remainder : job.takeRun(stride);
    const ranCount = await runStride(job, target, run, startedAt + STRIDE_MS.longest);
    remainder = {
      first: run.first + ranCount,
      values: ranCount === run.values.length ? [] : run.values.slice(ranCount),
    };
    const now = performance.now();
    const elapsed = now - startedAt;
    sample.add(ranCount, elapsed);
    const left = job.left === undefined ? undefined : job.left + remainder.values.length;
    const measurement = { items: sample.items, itemTime: sample.itemTime, left };
    onMeasurement(measurement, sample.elapsed);
    job.measure(ranCount, elapsed);
    job.ran(ranCount);
    const isDecidable = threads !== undefined && sample.isEnough && left !== 0;
    if (isDecidable && decide(measurement, threads()) === 'workers') {
      job.giveBackRun(remainder.first, remainder.values);
      return true;
    }
    if (elapsed < STRIDE_MS.shortest) stride = Math.min(stride * 2, MAX_STRIDE_ITEMS);
    else if (elapsed > STRIDE_MS.longest) stride = Math.max(1, Math.min(stride >> 1, ranCount));
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
  let ranCount = 0;
  const reportResults = (): void => {
    job.succeeded(first + ranCount, results);
    ranCount += results.length;
    results = [];
  };
  while (ranCount + results.length < values.length && !job.isEnded) {
    try {
      const promise = runUntilPromise(job, target, values, ranCount, results, until);
      if (promise !== undefined) results.push(await promise);
    } catch (error) {
      reportResults();
      job.failed(first + ranCount++, error);
    }
    if (performance.now() >= until) break;
  }
  reportResults();
  // Nobody asks for those that an end has left.
  return job.isEnded ? values.length : ranCount;
}

/** A function of its own, free of promises, that the compiler makes fast. */
function runUntilPromise(
  job: Job,
  target: LoadedTarget,
  values: readonly unknown[],
  ranCount: number,
  results: unknown[],
  until: number,
): PromiseLike<unknown> | undefined {
  const { isSpread } = job.options;
  for (let i = ranCount + results.length; i < values.length && !job.isEnded; i++) {
    if ((i + 1) % CLOCK_CHECK_INTERVAL === 0 && performance.now() >= until) return undefined;
    const result = isSpread ? target.call(values[i] as readonly unknown[]) : target.callWith(values[i]);
    if (isThenable(result)) return result;
    results.push(result);
  }
  return undefined;
}
