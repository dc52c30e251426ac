import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { toErrorRecord } from '@switchgear/core';
import { isWorkerStartError } from '@switchgear/executor';
import type { JobOptions } from '../../src/job/job.js';
import { type FakeWorker, PRELOAD } from '../support/fake-worker.js';
import { RecordedJob } from '../support/recorded-job.js';
import { range, type Staff, staff } from '../support/staff.js';
import { targetOf } from '../support/target-of.js';

const TIMEOUT = 10_000;
const MODULE = '/anything.mjs';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

class Own {
  method(item: unknown): unknown {
    return item;
  }
}

/** How many timers are pending, beside what is to run next. */
function timers(): number {
  jest.runAllTicks();
  return jest.getTimerCount();
}

/** A job of a class in a module of its own. */
function jobOf(module: string, options?: Partial<JobOptions>): RecordedJob {
  const target = targetOf(Own, module, 'method');
  return new RecordedJob(range(2), { owner: Own, target, chunk: 1, ...options });
}

interface Starting extends Staff {
  readonly worker: FakeWorker;
  readonly record: RecordedJob;
}

describe('a worker that does not finish its imports', () => {
  function starting(workers = 1): Starting {
    const all = staff(workers, TIMEOUT);
    const record = new RecordedJob(range(4));
    all.pool.add(record.job);
    return { ...all, record, worker: all.hired[0] };
  }

  it('ends its job after the timeout, and not before', () => {
    const { worker, record } = starting();
    worker.importsNow(MODULE);
    jest.advanceTimersByTime(TIMEOUT - 1);
    const before = record.ends.length;
    jest.advanceTimersByTime(1);
    expect([before, record.ends]).toMatchObject([0, [{ thrown: { code: 'ERR_WORKER_START' } }]]);
  });

  it.each([
    [
      'its module',
      MODULE,
      MODULE,
      /Anything\.method: .* after 10s: it was still importing \/anything\.mjs\./,
    ],
    ['a preload', PRELOAD, PRELOAD, /it was still importing the preload \/preload\.mjs\./],
    [
      'nothing yet',
      undefined,
      undefined,
      /it had imported nothing yet, and was running the preloads of this/,
    ],
  ])('says what it waited for: %s', (_what, importing, module, message) => {
    const { worker, record } = starting();
    if (importing !== undefined) worker.importsNow(importing);
    jest.advanceTimersByTime(TIMEOUT);
    const { thrown } = record.ends[0] as { readonly thrown: unknown };
    expect([isWorkerStartError(thrown), thrown]).toMatchObject([
      true,
      { name: 'WorkerStartError', module, timeout: TIMEOUT, message: expect.stringMatching(message) },
    ]);
  });

  it('is terminated', () => {
    const { worker } = starting();
    jest.advanceTimersByTime(TIMEOUT);
    expect(worker.isTerminated).toBe(true);
  });

  it('does not hold up a close', async () => {
    const { pool, worker } = starting();
    const closed = pool.close();
    jest.advanceTimersByTime(TIMEOUT);
    worker.ends(1);
    await expect(closed).resolves.toBeUndefined();
  });

  it('gets nothing more', () => {
    const { pool, worker } = starting();
    jest.advanceTimersByTime(TIMEOUT);
    pool.add(jobOf('/other.mjs').job);
    expect(worker.chunks).toHaveLength(1);
  });

  it('leaves jobs of other modules to the next worker', () => {
    const { pool, worker, hired } = starting();
    worker.importsNow(MODULE);
    const other = jobOf('/other.mjs');
    pool.add(other.job);
    jest.advanceTimersByTime(TIMEOUT);
    worker.ends(1);
    hired[1].isReady();
    for (let i = 0; i < 2; i++) hired[1].returns(hired[1].chunks[i]);
    expect([hired[1].module, other.values, other.ends]).toEqual(['/other.mjs', [0, 1], [undefined]]);
  });

  it.each([
    ['its module', MODULE, [true, false]],
    ['a preload', PRELOAD, [true, true]],
  ])('ends all jobs that need it, and no other: %s', (_what, importing, areEnded) => {
    const { pool, worker } = starting();
    worker.importsNow(importing);
    const records = [new RecordedJob(range(1)), jobOf('/other.mjs')];
    for (const { job } of records) pool.add(job);
    jest.advanceTimersByTime(TIMEOUT);
    expect(records.map(({ job }) => job.isEnded)).toEqual(areEnded);
  });

  it('ends none where another worker has imported the same preloads', () => {
    const { worker, record, hired } = starting(2);
    worker.importsNow(PRELOAD);
    hired[1].isReady();
    hired[1].begins(hired[1].chunks[0]);
    jest.advanceTimersByTime(TIMEOUT);
    expect([worker.isTerminated, record.ends]).toEqual([true, []]);
  });

  it('does not end a job that another worker gets on with', () => {
    const { worker, record, hired } = starting(2);
    hired[1].isReady();
    hired[1].returns(hired[1].chunks[0]);
    jest.advanceTimersByTime(TIMEOUT);
    expect([worker.isTerminated, record.ends]).toEqual([true, []]);
  });

  it('over and over does end it, with the error of the last one', () => {
    const { record, hired } = starting(1);
    hired[0].isReady();
    hired[0].returns(hired[0].chunks[0]);
    hired[0].ends(1);
    const before: number[] = [];
    for (const i of [1, 2]) {
      jest.advanceTimersByTime(TIMEOUT);
      before.push(record.ends.length);
      hired[i].ends(1);
    }
    expect([before, record.ends]).toMatchObject([[0, 0], [{ thrown: { code: 'ERR_WORKER_START' } }]]);
  });

  it('that is idle by then is terminated too', () => {
    const { pool, hired } = staff(1, TIMEOUT);
    pool.add(new RecordedJob(new Set()).job);
    jest.advanceTimersByTime(TIMEOUT);
    expect(hired[0].isTerminated).toBe(true);
  });

  it('waits for ever where the timeout is endless', () => {
    const { pool, hired } = staff(1, Infinity);
    const record = new RecordedJob(range(1));
    pool.add(record.job);
    jest.advanceTimersByTime(1e9);
    expect([hired[0].isTerminated, record.ends]).toEqual([false, []]);
  });
});

describe('a worker that has finished its imports', () => {
  it('is left alone, though this thread was too busy to hear of it', () => {
    const { pool, hired } = staff(1, TIMEOUT);
    const record = new RecordedJob(range(1));
    pool.add(record.job);
    hired[0].hasImported();
    jest.advanceTimersByTime(TIMEOUT);
    expect([hired[0].isTerminated, record.ends]).toEqual([false, []]);
  });

  it('leaves no timer behind once it has run something', () => {
    const { pool, hired } = staff(1, TIMEOUT);
    pool.add(new RecordedJob(range(1)).job);
    hired[0].isReady();
    hired[0].returns(hired[0].chunks[0]);
    expect(timers()).toBe(0);
  });

  it('is waited for no more for what it has run before', () => {
    const { pool, hired } = staff(1, TIMEOUT);
    const record = new RecordedJob(range(2), { chunk: 1 });
    pool.add(record.job);
    hired[0].isReady();
    hired[0].returns(hired[0].chunks[0]);
    const inHand = hired[0].chunks.length;
    jest.advanceTimersByTime(TIMEOUT);
    expect([inHand, hired[0].isTerminated, record.ends]).toEqual([2, false, []]);
  });

  it('leaves none behind when it ends', () => {
    const { pool, hired } = staff(1, TIMEOUT);
    pool.add(new RecordedJob(range(1), { crashRetries: 0 }).job);
    hired[0].isReady();
    hired[0].begins(hired[0].chunks[0]);
    hired[0].ends(1);
    expect(timers()).toBe(0);
  });
});

describe('a class that a running worker does not finish loading', () => {
  /** A worker that has run a job, and is loading the class of another one. */
  function loading(options?: Partial<JobOptions>): Starting {
    const all = staff(1, TIMEOUT);
    const first = new RecordedJob(range(1));
    all.pool.add(first.job);
    const [worker] = all.hired;
    worker.isReady();
    worker.returns(worker.chunks[0]);
    const record = jobOf('/stuck.mjs', options);
    all.pool.add(record.job);
    return { ...all, record, worker };
  }

  it('ends its job after the timeout, and says so', () => {
    const { record } = loading();
    jest.advanceTimersByTime(TIMEOUT - 1);
    const before = record.ends.length;
    jest.advanceTimersByTime(1);
    const message = expect.stringMatching(
      /still importing \/stuck\.mjs, or making the instance of its class/,
    );
    expect([before, record.ends]).toMatchObject([
      0,
      [{ thrown: { code: 'ERR_WORKER_START', module: '/stuck.mjs', message } }],
    ]);
  });

  it('has its worker terminated', () => {
    const { worker } = loading();
    jest.advanceTimersByTime(TIMEOUT);
    expect(worker.isTerminated).toBe(true);
  });

  it('has its worker get nothing more', () => {
    const { pool, worker, record } = loading();
    jest.advanceTimersByTime(TIMEOUT);
    const next = new RecordedJob(['next']);
    // A chunk of short items would go to a worker that has one in hand.
    for (const { job } of [record, next]) job.measure(1, 0.1);
    pool.add(next.job);
    expect(worker.sizes).toEqual([1, 1]);
  });

  it('is waited for no longer once an item has begun, however long that takes', () => {
    const { worker, record } = loading();
    worker.begins(worker.chunks[1]);
    jest.advanceTimersByTime(TIMEOUT * 10);
    expect([worker.isTerminated, record.ends]).toEqual([false, []]);
  });

  it('has its whole time when the worker turns to it, not when the chunk was sent', () => {
    const { pool, hired } = staff(1, TIMEOUT);
    const first = new RecordedJob(range(1));
    first.job.measure(1, 0.1);
    pool.add(first.job);
    const [worker] = hired;
    worker.isReady();
    const record = jobOf('/stuck.mjs');
    record.job.measure(1, 0.1);
    pool.add(record.job);
    const inHand = worker.chunks.length;
    worker.begins(worker.chunks[0]);
    jest.advanceTimersByTime(TIMEOUT - 1);
    worker.returns(worker.chunks[0]);
    jest.advanceTimersByTime(TIMEOUT - 1);
    const before = worker.isTerminated;
    jest.advanceTimersByTime(1);
    expect([inHand, before, worker.isTerminated]).toEqual([2, false, true]);
  });

  it('costs a job that waits behind it neither an item nor a try', () => {
    const { pool, worker, hired, record } = loading({ crashRetries: 0 });
    const next = new RecordedJob(['next'], { crashRetries: 0 });
    for (const { job } of [record, next]) job.measure(1, 0.1);
    pool.add(next.job);
    const inHand = worker.chunks.length;
    jest.advanceTimersByTime(TIMEOUT);
    worker.ends(1);
    hired[1].isReady();
    hired[1].returns(hired[1].chunks[0]);
    expect([inHand, record.ends.length, next.values]).toEqual([3, 1, ['next']]);
  });

  it('that fails is waited for no longer', () => {
    const { worker } = loading();
    const error = toErrorRecord(new Error('no such class'));
    worker.says({ kind: 'target-failed', id: worker.chunks[1].target, error });
    expect(timers()).toBe(0);
  });
});
