import { describe, expect, it } from '@jest/globals';
import { Chunk } from '../../src/dispatch/chunk.js';
import { DeathsInVain } from '../../src/dispatch/deaths.js';
import type { FakeWorker } from '../support/fake-worker.js';
import { RecordedJob } from '../support/recorded-job.js';
import { oneMan, range, short, type Staff, staff } from '../support/staff.js';

describe('a worker that dies', () => {
  /** Of one chunk of four items: one done, the next one running. */
  function dying(
    crashRetries?: number,
  ): Staff & { readonly worker: FakeWorker; readonly record: RecordedJob } {
    const record = new RecordedJob(range(4), {
      chunk: 4,
      ...(crashRetries !== undefined && { crashRetries }),
    });
    const all = oneMan(record);
    const { worker } = all;
    worker.tells(worker.chunks[0], { value: 'done' });
    worker.begins(worker.chunks[0]);
    return { ...all, record };
  }

  it('is replaced by one that gets exactly what was not done', () => {
    const { worker, hired } = dying();
    worker.ends(1);
    expect(hired[1].chunks.flatMap(({ calls }) => calls)).toEqual([[1], [2], [3]]);
  });

  it('is not replaced where nothing is left to do', () => {
    const record = new RecordedJob(range(1));
    const { worker, hired } = oneMan(record);
    worker.returns(worker.chunks[0]);
    worker.ends(1);
    expect(hired).toHaveLength(1);
  });

  it('is listened to until its end, not only until it fails', () => {
    const { worker, hired, record } = dying();
    worker.fails(new Error('out of memory'));
    worker.tells(worker.chunks[0], { value: 'late' });
    worker.ends(1);
    expect([record.values, hired[1].chunks[0].calls]).toEqual([
      ['done', 'late'],
      [[2], [3]],
    ]);
  });

  it('fails the item that it ran if its retries are used up, and no other', () => {
    const { worker, record, hired } = dying(0);
    worker.ends(7);
    hired[1].isReady();
    hired[1].returns(hired[1].chunks[0]);
    expect(record.values).toEqual(['done', 'failed', 2, 3]);
  });

  it('tells the item, the tries, the exit code and the cause', () => {
    const { worker, record } = dying(0);
    worker.fails(new RangeError('out of memory'));
    worker.ends(7);
    expect(record.errorOf(1)).toMatchObject({
      code: 'ERR_WORKER_CRASH',
      index: 1,
      attempts: 1,
      exitCode: 7,
      cause: { name: 'RangeError', message: 'out of memory' },
      message: expect.stringContaining('Anything.method'),
    });
  });

  it('gives a try to the item that it ran again, and then fails it', () => {
    const { worker, hired, record } = dying(1);
    worker.ends(1);
    hired[1].isReady();
    hired[1].begins(hired[1].chunks[0]);
    hired[1].ends(1);
    expect([record.errorOf(1), hired[2].chunks[0].calls]).toMatchObject([{ attempts: 2 }, [[2], [3]]]);
  });

  it('while it runs nothing costs nobody a try', () => {
    const record = new RecordedJob(range(4), { chunk: 2, crashRetries: 0 });
    const { worker, hired } = oneMan(record);
    worker.returns(worker.chunks[0]);
    worker.ends(1);
    expect([record.values, hired[1].chunks[0].calls]).toEqual([
      [0, 1],
      [[2], [3]],
    ]);
  });

  it('gives back what the circuits have lent to its thread', () => {
    const { worker, reclaimed } = dying();
    worker.ends(1);
    expect(reclaimed).toEqual([worker.threadId]);
  });

  it.each([
    ['as soon as they start', () => undefined],
    ['when they are to make the instance', (worker: FakeWorker) => worker.isReady()],
  ])('three times over %s ends the job', (_when, before) => {
    const { pool, hired } = staff(1);
    const record = new RecordedJob(range(4));
    pool.add(record.job);
    for (let i = 0; i < 3; i++) {
      before(hired[i]);
      hired[i].fails(new Error(`start ${i}`));
      hired[i].ends(1);
    }
    expect([hired.length, record.ends]).toMatchObject([
      3,
      [
        {
          thrown: {
            code: 'ERR_TARGET',
            message: expect.stringMatching(/Anything.method: 3 workers .*: start 2$/),
          },
        },
      ],
    ]);
  });

  it('over and over ends the job that it dies over, and no other', () => {
    const { pool, hired } = staff(2);
    const [good, bad] = [new RecordedJob(['good']), new RecordedJob(['bad'], { constructorArgs: ['bad'] })];
    pool.add(good.job);
    pool.add(bad.job);
    hired[0].isReady();
    for (let i = 1; i < 4; i++) hired[i].ends(4);
    hired[0].returns(hired[0].chunks[0]);
    expect([good.values, good.ends, bad.ends.length]).toEqual([['good'], [undefined], 1]);
  });

  it('with what an item had handed over fails that item, and no other', () => {
    const items = [new Uint8Array(1), new Uint8Array(1), 'nothing to hand over'];
    const transfer = (item: unknown) => (item instanceof Uint8Array ? [item.buffer as ArrayBuffer] : []);
    const record = new RecordedJob(items, { chunk: 3, transfer });
    const { worker, hired } = oneMan(record);
    worker.ends(1);
    hired[1].isReady();
    hired[1].returns(hired[1].chunks[0]);
    expect([record.errorOf(0), record.errorOf(1), record.values[2]]).toMatchObject([
      { code: 'ERR_WORKER_CRASH', index: 0, attempts: 0 },
      { code: 'ERR_WORKER_CRASH', index: 1, attempts: 0 },
      'nothing to hand over',
    ]);
  });

  it('with hundreds of thousands of items in hand gives them all back', () => {
    const record = new RecordedJob(range(300_000), { chunk: 300_000 });
    const { worker, hired } = oneMan(record);
    worker.ends(1);
    expect(hired[1].sizes).toEqual([300_000]);
  });

  it('now and then, having done something before, ends no job', () => {
    const record = new RecordedJob(range(10), { chunk: 1 });
    const { hired } = oneMan(record);
    for (let i = 0; i < 5; i++) {
      hired[i].isReady();
      hired[i].returns(hired[i].chunks[0]);
      hired[i].ends(1);
    }
    expect([record.ends, record.values]).toEqual([[], [0, 1, 2, 3, 4]]);
  });
});

describe('a death in vain', () => {
  /** Kills a worker after another, in the same way; the job has retries enough. */
  function killing(times: number, before: (worker: FakeWorker) => void, how?: (worker: FakeWorker) => void) {
    const all = staff(1);
    const record = new RecordedJob(range(100), { chunk: 4, crashRetries: 100 });
    all.pool.add(record.job);
    for (let i = 0; i < times; i++) {
      all.hired[i].isReady();
      before(all.hired[i]);
      how?.(all.hired[i]);
      all.hired[i].ends(1);
    }
    return { ...all, record };
  }

  it('is one of a worker that has run nothing; three of them end the job', () => {
    const { record } = killing(3, () => undefined);
    expect(record.ends).toMatchObject([{ thrown: { code: 'ERR_TARGET' } }]);
  });

  it('is none where an item was running', () => {
    const { record } = killing(5, (worker) => void worker.begins(worker.chunks[0]));
    expect(record.ends).toEqual([]);
  });

  it('is none where an item had its outcome', () => {
    const { record } = killing(5, (worker) => worker.tells(worker.chunks[0], { value: 'done' }));
    expect(record.ends).toEqual([]);
  });

  it('is none of a worker that had nothing in hand', () => {
    const all = staff(1);
    for (let i = 0; i < 5; i++) {
      const record = new RecordedJob([i]);
      all.pool.add(record.job);
      all.hired[i].isReady();
      all.hired[i].returns(all.hired[i].chunks[0]);
      all.hired[i].ends(1);
      expect([record.values, record.ends]).toEqual([[i], [undefined]]);
    }
  });

  it('counts once, though the worker had two chunks of the job', () => {
    const { pool, hired } = staff(1);
    const record = short(range(100), { chunk: 1 });
    pool.add(record.job);
    for (let i = 0; i < 2; i++) {
      hired[i].isReady();
      hired[i].ends(1);
    }
    expect([hired[1].chunks.length, record.ends]).toEqual([2, []]);
  });

  it('is forgotten when another worker has run something', () => {
    const { record, hired } = killing(2, () => undefined);
    hired[2].isReady();
    hired[2].returns(hired[2].chunks[0]);
    hired[2].ends(1);
    hired[3].ends(1);
    expect(record.ends).toEqual([]);
  });

  it('says the exit code where the worker gave no reason', () => {
    const { record } = killing(3, () => undefined);
    expect(record.ends).toMatchObject([{ thrown: { message: expect.stringMatching(/: exit code 1$/) } }]);
  });

  it('is none where the lane has terminated the worker for another job', () => {
    const { job } = new RecordedJob(range(1));
    const chunks = [new Chunk(1, job, job.take(1), 1)];
    const how = { wasStarting: false, wasClosing: false, hasRun: false, exitCode: 1, error: undefined };
    const end = { ...how, chunks, running: undefined };
    const deaths = new DeathsInVain();
    for (let i = 0; i < 5; i++) deaths.count({ ...end, wasTerminated: true });
    const before = job.isEnded;
    for (let i = 0; i < 3; i++) deaths.count({ ...end, wasTerminated: false });
    expect([before, job.isEnded]).toEqual([false, true]);
  });
});
