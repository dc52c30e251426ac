import { describe, expect, it } from '@jest/globals';
import { loop } from '../../src/plan/inline-loop.js';
import type { ThreadCost } from '../../src/plan/plan.js';
import { LoadedTarget } from '../../src/target/loaded-target.js';
import { RecordedJob } from '../support/recorded-job.js';
import { range } from '../support/staff.js';

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
  const isLeft = await loop(
    record.job,
    new LoadedTarget(worker, 'method', {}),
    threads && (() => threads),
    ({ items: count }) => measurements.push(count),
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

  it('looks at the clock now and then within a stride: no stride goes on for long with items that have become slow', async () => {
    // By then a stride has hundreds of items.
    const { measurements } = await run(range(3_000), (n) => (n >= 2_900 ? spin(0.25) : n));
    const last = measurements.at(-1) ?? 0;
    const stridesOfSlowItems = measurements.filter((count) => count > 2_900 && count < last);
    expect(stridesOfSlowItems.length).toBeGreaterThan(1);
  });
});

describe('a loop that threads should go on with', () => {
  const threads: ThreadCost = { workers: 4, isStarted: true };

  it('gives back what it has not run, and nothing else', async () => {
    const { calls, record, isLeft } = await run(range(300), () => spin(0.2), threads);
    const rest = record.job.take(1_000);
    const taken = [...rest, ...record.job.take(1_000)].map(({ index }) => index);
    expect(isLeft).toBe(true);
    expect([...calls, ...taken]).toEqual(range(300));
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
    await loop(record.job, new LoadedTarget(worker, 'method', {}), undefined, () => undefined);
    expect([worker.calls.length, record.ends]).toEqual([41, [{ thrown: 'enough' }]]);
  });
});
