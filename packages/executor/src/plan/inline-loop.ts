import { isThenable } from '@switchgear/core/kit';
import { nextTurn, now } from '../event-loop.js';
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

/** Consecutive items. */
interface Run {
  readonly first: number;
  readonly values: readonly unknown[];
}

/**
 * Runs a job in this thread, one item after the other, and measures it.
 *
 * @param threads what threads would cost; undefined if the job has to stay in this thread
 * @param onMeasurement is called after each stride with the measurement and the time that all items took
 * @returns whether threads should do the rest; the loop has given it back to the job then
 */
export async function loop(
  job: Job,
  target: LoadedTarget,
  threads: (() => ThreadCost) | undefined,
  onMeasurement: (measurement: Measurement, elapsed: number) => void,
): Promise<boolean> {
  const sample = new Sample();
  let stride = 1;
  let turnedAt = now();
  let remainder: Run = { first: 0, values: [] };
  while (job.left !== 0 || remainder.values.length > 0) {
    if (job.isEnded) break;
    if (job.isStopped) {
      job.giveBackRun(remainder.first, remainder.values);
      break;
    }
    // The reader of a stream has to catch up first.
    if (remainder.values.length === 0 && !job.isReady) await job.untilReady();
    const startedAt = now();
    const run = remainder.values.length > 0 ? remainder : job.takeRun(stride);
    const ranCount = await runStride(job, target, run, startedAt + STRIDE_MS.longest);
    remainder = {
      first: run.first + ranCount,
      values: ranCount === run.values.length ? [] : run.values.slice(ranCount),
    };
    const time = now();
    const elapsed = time - startedAt;
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
    if (time - turnedAt >= SLICE_MS) {
      await nextTurn();
      turnedAt = now();
    }
  }
  return false;
}

/**
 * Runs consecutive items and reports their results together: one report an item would cost more than a short item takes.
 *
 * @param until when to stop, in ms of `performance.now`
 * @returns how many items have run
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
    if (now() >= until) break;
  }
  reportResults();
  // The job has ended, so the rest is not wanted: it counts as run.
  return job.isEnded ? values.length : ranCount;
}

/** Runs items until one returns a promise, which it returns. A function without `await`, so that V8 can optimise it. */
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
    if ((i + 1) % CLOCK_CHECK_INTERVAL === 0 && now() >= until) return undefined;
    const result = isSpread ? target.call(values[i] as readonly unknown[]) : target.callWith(values[i]);
    if (isThenable(result)) return result;
    results.push(result);
  }
  return undefined;
}
