import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job } from './job.js';
import { decide, type Measured, type Threads } from './plan/plan.js';
import { isThenable } from './thenable.js';
import type { LoadedTarget } from './worker/loaded-target.js';

/** Nobody leaves before so much is known, in ms: the first calls of anything are slow. */
const LEAST_KNOWN = 5;
/** One item that takes so long, in ms, says enough: nobody wants a second one in this thread. */
const LONG_ITEM = 50;
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
  let items = 0;
  let elapsed = 0;
  let stride = 1;
  let turnedAt = performance.now();
  const { isSpread } = job.options;
  while (job.left !== 0) {
    // The reader of a stream has not come so far.
    if (!job.isReady) await job.untilReady();
    const startedAt = performance.now();
    const { first, values } = job.takeRun(stride);
    // Told in one go: to tell of each alone would cost more than most of them take.
    let results: unknown[] = [];
    for (let i = 0; i < values.length && !job.isEnded; i++) {
      try {
        const result = isSpread ? target.call(values[i] as readonly unknown[]) : target.callWith(values[i]);
        results.push(isThenable(result) ? await result : result);
      } catch (error) {
        job.succeededRun(first + i - results.length, results);
        results = [];
        job.failed(first + i, error);
      }
    }
    job.succeededRun(first + values.length - results.length, results);
    const now = performance.now();
    items += values.length;
    elapsed += now - startedAt;
    // What the last ones took says more than what the first did.
    const known = { items, itemTime: (now - startedAt) / Math.max(1, values.length), left: job.left };
    measured(known, elapsed);
    job.measure(values.length, now - startedAt);
    job.ran(values.length);
    const isKnown = elapsed >= (items === 1 ? LONG_ITEM : LEAST_KNOWN) && known.left !== 0;
    if (threads !== undefined && isKnown && decide(known, threads()) === 'workers') return true;
    if (now - startedAt < STRIDE.shortest) stride = Math.min(stride * 2, MOST_ITEMS);
    else if (now - startedAt > STRIDE.longest) stride = Math.max(1, stride >> 1);
    if (now - turnedAt >= SLICE) {
      await nextTurn();
      turnedAt = performance.now();
    }
  }
  return false;
}
