import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JobOptions } from '../../src/job/job.js';
import type { FakeWorker } from '../support/fake-worker.js';
import { RecordedJob } from '../support/recorded-job.js';
import { oneMan, range, short, type Staff, staff } from '../support/staff.js';

describe('a worker that has nothing to do', () => {
  /** Two workers with all of eight items of a known time, four each; the first one has begun so many. */
  function halves(begun: number, options?: Partial<JobOptions>, itemTime = 10) {
    const record = new RecordedJob(range(8), { chunk: 4, ...options });
    record.job.measure(1, itemTime);
    // Chunks that nobody asked for; the size alone is set, as if it had been found out.
    Object.defineProperty(record.job, 'isDivisible', { value: options?.transfer === undefined });
    const all = staff(2);
    all.pool.add(record.job);
    const [one, other] = all.hired;
    one.isReady();
    other.isReady();
    for (let i = 0; i < begun; i++) one.begins(one.chunks[0]);
    return { ...all, record, one, other };
  }

  it('gets what another one has not begun', () => {
    const { one, other } = halves(1);
    other.returns(other.chunks[0]);
    expect(other.chunks.slice(1).flatMap(({ calls }) => calls)).toEqual([[1], [2], [3]]);
    expect(one.begins(one.chunks[0])).toBe(false);
  });

  it('gets nothing that the other one has begun', () => {
    const { other } = halves(4);
    other.returns(other.chunks[0]);
    expect(other.chunks).toHaveLength(1);
  });

  it('gets nothing of which buffers were handed over', () => {
    const { other } = halves(1, { transfer: () => [] });
    other.returns(other.chunks[0]);
    expect(other.chunks).toHaveLength(1);
  });

  it('gets nothing that the other one will have done before a message comes', () => {
    const { other } = halves(1, {}, 0.01);
    other.returns(other.chunks[0]);
    expect(other.chunks).toHaveLength(1);
  });

  it('gets it a little later where that was wrong', () => {
    jest.useFakeTimers();
    try {
      const { other } = halves(1, {}, 0.01);
      other.returns(other.chunks[0]);
      jest.advanceTimersByTime(20);
      expect(other.chunks.slice(1).flatMap(({ calls }) => calls)).toEqual([[1], [2], [3]]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('gets what is in hand of one that is only starting', () => {
    const { pool, hired } = staff(2);
    const record = new RecordedJob(range(2));
    pool.add(record.job);
    const [one] = hired;
    one.isReady();
    record.job.measure(1, 10);
    one.returns(one.chunks[0]);
    expect(one.chunks[1].calls).toEqual([[1]]);
  });

  it('gets nothing of what one like it has just got', () => {
    const { one, other } = halves(0);
    other.returns(other.chunks[0]);
    expect([one.chunks.length, other.chunks.length]).toEqual([1, 1]);
  });

  it('gets what one like it has just got and does not begin, and keeps it', () => {
    jest.useFakeTimers();
    try {
      const { one, other } = halves(0);
      other.returns(other.chunks[0]);
      jest.advanceTimersByTime(20);
      const taken = other.chunks.slice(1).flatMap(({ calls }) => calls);
      one.passes(one.chunks[0]);
      jest.advanceTimersByTime(10_000);
      expect([taken, one.chunks.length, other.chunks.length]).toEqual([[[0], [1], [2], [3]], 1, 2]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('leaves every item to one of the two', () => {
    const { record, one, other } = halves(2);
    other.returns(other.chunks[0]);
    one.tells(one.chunks[0], { value: 'one' }, { value: 'one' });
    for (const chunk of other.chunks.slice(1)) other.returns(chunk);
    expect([record.values.length, record.ends]).toEqual([8, [undefined]]);
  });
});

describe('a worker that goes on with what was cancelled', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function hanging(grace: number): Staff & { readonly worker: FakeWorker; readonly record: RecordedJob } {
    const record = new RecordedJob(range(2), { chunk: 2, grace });
    const all = oneMan(record);
    all.worker.begins(all.worker.chunks[0]);
    record.job.cancel({ thrown: 'enough' });
    return { ...all, record };
  }

  it('is ended after its time of grace, and not before', () => {
    const { worker } = hanging(500);
    jest.advanceTimersByTime(499);
    const before = worker.isTerminated;
    jest.advanceTimersByTime(1);
    expect([before, worker.isTerminated]).toEqual([false, true]);
  });

  it('stays if it ends the item in time', () => {
    const { worker } = hanging(500);
    worker.tells(worker.chunks[0], { value: 'late' });
    worker.passes(worker.chunks[0]);
    jest.advanceTimersByTime(1_000);
    expect(worker.isTerminated).toBe(false);
  });

  it('is ended too where it hangs before it begins anything', () => {
    const record = new RecordedJob(range(2), { chunk: 2, grace: 500 });
    const { worker } = oneMan(record);
    record.job.cancel({ thrown: 'enough' });
    jest.advanceTimersByTime(500);
    expect(worker.isTerminated).toBe(true);
  });

  it('is not ended for what waits behind the item of another job', () => {
    const busy = new RecordedJob(['busy', 'busy'], { chunk: 1 });
    const { pool, worker } = oneMan(busy);
    worker.returns(worker.chunks[0]);
    const next = new RecordedJob(['next'], { chunk: 1, grace: 0 });
    next.job.measure(1, 0.1);
    pool.add(next.job);
    worker.begins(worker.chunks[1]);
    next.job.cancel({ thrown: 'enough' });
    jest.advanceTimersByTime(1_000);
    const before = worker.isTerminated;
    worker.tells(worker.chunks[1], { value: 'done' });
    worker.passes(worker.chunks[2]);
    jest.advanceTimersByTime(1_000);
    expect([worker.chunks.length, before, worker.isTerminated]).toEqual([3, false, false]);
  });

  describe('behind the item of another job', () => {
    /** A worker with an item that runs, and behind it a chunk that was cancelled. */
    function behind(): { readonly worker: FakeWorker; readonly next: RecordedJob } {
      const { pool, worker } = oneMan(short(['first', 'second'], { chunk: 1 }));
      worker.returns(worker.chunks[0]);
      const next = short(['next'], { chunk: 1, grace: 500 });
      pool.add(next.job);
      worker.begins(worker.chunks[1]);
      next.job.cancel({ thrown: 'enough' });
      return { worker, next };
    }

    it('is ended after its grace, once that item has ended', () => {
      const { worker } = behind();
      jest.advanceTimersByTime(750);
      worker.tells(worker.chunks[1], { value: 'done' });
      jest.advanceTimersByTime(249);
      const before = worker.isTerminated;
      jest.advanceTimersByTime(1);
      expect([worker.sizes, before, worker.isTerminated]).toEqual([[1, 1, 1], false, true]);
    });

    it('has no timer left when the worker is done with it', () => {
      const { worker } = behind();
      worker.tells(worker.chunks[1], { value: 'done' });
      worker.passes(worker.chunks[2]);
      jest.advanceTimersByTime(500);
      expect([jest.getTimerCount(), worker.isTerminated]).toEqual([0, false]);
    });
  });

  it('stays for ever where the grace is endless', () => {
    const { worker } = hanging(Infinity);
    jest.advanceTimersByTime(1e9);
    expect(worker.isTerminated).toBe(false);
  });

  it('stays where its job only failed: what runs may end', () => {
    const record = new RecordedJob(range(2), { chunk: 2, grace: 0 });
    const { worker } = oneMan(record);
    worker.begins(worker.chunks[0]);
    record.job.end({ thrown: 'failed' });
    jest.advanceTimersByTime(1_000);
    expect(worker.isTerminated).toBe(false);
  });

  it('makes room for another one', () => {
    const { pool, worker, hired } = hanging(0);
    const next = new RecordedJob(['next']);
    pool.add(next.job);
    jest.advanceTimersByTime(0);
    worker.ends(1);
    hired[1].isReady();
    hired[1].returns(hired[1].chunks[0]);
    expect(next.values).toEqual(['next']);
  });
});
