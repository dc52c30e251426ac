import { describe, expect, it } from '@jest/globals';
import { loop } from '../../src/plan/inline-loop.js';
import type { ThreadCost } from '../../src/plan/plan.js';
import { RecordedJob } from '../support/recorded-job.js';
import { range } from '../support/staff.js';
import { loadedOf } from '../support/target-of.js';

class Worker {
  readonly calls: number[] = [];
  readonly #work: (n: number) => unknown;

  constructor(work: (n: number) => unknown) {
    this.#work = work;
  }

  method(n: number): unknown {
    this.calls.push(n);
    return this.#work(n);
  }
}

/** Computes for so many ms. */
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Runs items in a loop. Without `threads` it runs all of them. */
async function run(items: readonly number[], work: (n: number) => unknown, threads?: ThreadCost) {
  const worker = new Worker(work);
  const record = new RecordedJob(items);
  const measurements: number[] = [];
  const isLeft = await loop(record.job, loadedOf(worker), threads && (() => threads), ({ items: count }) =>
    measurements.push(count),
  );
  return { calls: worker.calls, record, isLeft, measurements };
}

describe('a loop over two hundred items', () => {
  it('of which some throw and some are promises gives each its own outcome', async () => {
    const kinds: ((n: number) => unknown)[] = [
      (n) => n,
      (n) => {
        throw new RangeError(`thrown ${n}`);
      },
      async (n) => n,
      async (n) => {
        throw new RangeError(`rejected ${n}`);
      },
      (n) => n,
    ];
    const { record } = await run(range(200), (n) => kinds[n % kinds.length](n));
    const outcomes = range(200).map((n) => record.outcomes.get(n));
    expect(outcomes).toMatchObject(
      range(200).map((n) => {
        const kind = n % kinds.length;
        if (kind === 1) return { status: 'failed', error: { message: `thrown ${n}` } };
        if (kind === 3) return { status: 'failed', error: { message: `rejected ${n}` } };
        return { status: 'succeeded', value: n };
      }),
    );
    expect(record.ends).toEqual([undefined]);
  });

  it.each([
    ['a slow item', (n: number) => (n === 100 ? spin(4) : n)],
    ['many slow items', (n: number) => (n > 100 ? spin(0.5) : n)],
    ['a slow item that throws', (n: number) => (n === 100 ? fail() : n)],
    ['a slow promise', async (n: number) => (n === 100 ? spin(4) : n)],
  ])('runs each once, and in order, with %s in the middle of a stride', async (_what, work) => {
    const { calls, record } = await run(range(200), work);
    expect([calls, record.outcomes.size]).toEqual([range(200), 200]);
  });

  function fail(): never {
    spin(4);
    throw new Error('slow, and wrong');
  }

  it('measures each item once', async () => {
    const { measurements } = await run(range(200), (n) => (n % 50 === 0 ? spin(3) : n));
    expect(measurements.at(-1)).toBe(200);
  });

  it('looks at the clock within a stride: it stops soon after items have become slow', async () => {
    let slowFrom = Infinity;
    let last = 0;
    let longestSlowRun = 0;
    const worker = new Worker((n) => (n >= slowFrom && n < slowFrom + 300 ? spin(0.25) : n));
    const record = new RecordedJob(range(30_000));
    await loop(record.job, loadedOf(worker), undefined, ({ items }) => {
      if (last >= slowFrom && slowFrom > 0) longestSlowRun = Math.max(longestSlowRun, items - last);
      // The next stride has at least half as many items, and all of them will be slow.
      if (slowFrom === Infinity && items - last >= 256) slowFrom = items;
      else if (items >= slowFrom + 300) slowFrom = -Infinity;
      last = items;
    });
    expect([slowFrom, longestSlowRun < 100]).toEqual([-Infinity, true]);
  });
});

describe('a loop that threads should go on with', () => {
  const threads: ThreadCost = { workers: 4, isStarted: true };

  it.each([
    ['from the first item on', 0],
    ['after many quick ones, in the middle of a stride', 6_000],
  ])('gives back what it has not run, and nothing else: slow %s', async (_what, quick) => {
    const total = quick + 1_000;
    const { calls, record, isLeft } = await run(range(total), (n) => (n < quick ? n : spin(0.25)), threads);
    const rest = [record.job.take(total), record.job.take(total)].flat().map(({ index }) => index);
    expect(isLeft).toBe(true);
    expect([...calls, ...rest]).toEqual(range(total));
  });

  it('goes on itself where threads would be slower', async () => {
    const { isLeft } = await run(range(300), (n) => n, threads);
    expect(isLeft).toBe(false);
  });

  it('goes on itself where there is but one worker', async () => {
    const { isLeft } = await run(range(100), () => spin(0.2), { workers: 1, isStarted: true });
    expect(isLeft).toBe(false);
  });
});

describe('a loop whose job ends', () => {
  it('begins nothing more', async () => {
    const worker = new Worker((n) => {
      if (n === 40) record.job.end({ thrown: 'enough' });
      return n;
    });
    const record = new RecordedJob(range(200));
    await loop(record.job, loadedOf(worker), undefined, () => undefined);
    expect([worker.calls.length, record.ends]).toEqual([41, [{ thrown: 'enough' }]]);
  });
});
