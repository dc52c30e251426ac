import { describe, expect, it, jest } from '@jest/globals';
import { RecordedJob } from '../support/recorded-job.js';
import { oneMan, range, staff } from '../support/staff.js';

describe('a pool that is closed', () => {
  it('waits for an item that still runs, though its job has failed', () => {
    jest.useFakeTimers();
    try {
      const record = new RecordedJob(range(2), { chunk: 1 });
      const { pool, worker } = oneMan(record);
      worker.begins(worker.chunks[0]);
      record.job.end({ thrown: 'failed' });
      void pool.close();
      jest.advanceTimersByTime(10_000);
      const before = [worker.isTerminated, worker.wasToldToClose];
      worker.tells(worker.chunks[0], { value: 'late' });
      expect([before, worker.wasToldToClose]).toEqual([[false, false], true]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('has its workers close when all jobs have ended, and not before', () => {
    const record = new RecordedJob(range(1));
    const { pool, worker } = oneMan(record);
    void pool.close();
    const before = worker.wasToldToClose;
    worker.returns(worker.chunks[0]);
    expect([before, worker.wasToldToClose]).toEqual([false, true]);
  });

  it('terminates a worker that does not end a second after it was told to close, and not before', () => {
    jest.useFakeTimers();
    try {
      const { pool, worker } = oneMan(new RecordedJob(range(1)));
      worker.returns(worker.chunks[0]);
      void pool.close();
      jest.advanceTimersByTime(999);
      const before = worker.isTerminated;
      jest.advanceTimersByTime(1);
      expect([before, worker.isTerminated]).toEqual([false, true]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('tells each worker to close once', () => {
    const { pool, worker } = oneMan(new RecordedJob(range(1)));
    worker.returns(worker.chunks[0]);
    void pool.close();
    pool.pump();
    expect(worker.received.filter(({ kind }) => kind === 'close')).toHaveLength(1);
  });

  it('waits for a job that waits for its reader', () => {
    const record = new RecordedJob(range(4), { chunk: 2 }, 2);
    const { pool, worker } = oneMan(record);
    worker.returns(worker.chunks[0]);
    void pool.close();
    const before = [worker.wasToldToClose, record.values.length];
    record.job.allow(2);
    pool.pump();
    worker.returns(worker.chunks[1]);
    expect([before, worker.wasToldToClose, record.values]).toEqual([[false, 2], true, [0, 1, 2, 3]]);
  });

  it('keeps the process alive until its workers have ended', () => {
    const record = new RecordedJob(range(1));
    const { pool, worker } = oneMan(record);
    worker.returns(worker.chunks[0]);
    void pool.close();
    expect(worker.keepsAlive).toBe(true);
  });

  it('is so when its last worker has ended', async () => {
    const record = new RecordedJob(range(1));
    const { pool, worker } = oneMan(record);
    worker.returns(worker.chunks[0]);
    const told: string[] = [];
    const closed = pool.close().then(() => told.push('closed'));
    // A turn of everything that waits.
    await new Promise((resolve) => setImmediate(resolve));
    told.push('ends');
    worker.ends(0);
    await closed;
    expect(told).toEqual(['ends', 'closed']);
  });

  it('is so at once where no worker was started', async () => {
    await expect(staff(2).pool.close()).resolves.toBeUndefined();
  });

  it('says what was open in a worker that it had to terminate', () => {
    jest.useFakeTimers();
    try {
      const { pool, worker, terminated } = oneMan(new RecordedJob(range(1)));
      worker.returns(worker.chunks[0]);
      void pool.close();
      worker.says({ kind: 'closing', resources: ['FSReqCallback'] });
      jest.advanceTimersByTime(1_000);
      expect(terminated).toEqual([[1, ['FSReqCallback']]]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('terminates nothing that has ended in time', () => {
    jest.useFakeTimers();
    try {
      const { pool, worker, terminated } = oneMan(new RecordedJob(range(1)));
      worker.returns(worker.chunks[0]);
      void pool.close();
      worker.ends(0);
      jest.advanceTimersByTime(1_000);
      expect([worker.isTerminated, terminated]).toEqual([false, []]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('replaces a worker that dies over what is left', () => {
    const record = new RecordedJob(range(2), { chunk: 1 });
    const { pool, worker, hired } = oneMan(record);
    void pool.close();
    worker.ends(1);
    expect(hired[1].chunks).toHaveLength(1);
  });
});
