import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LaneMemory } from '../../src/protocol/lane-memory.js';
import { RecordedJob } from '../support/recorded-job.js';
import { oneMan, range, staff } from '../support/staff.js';

const MB = 1_048_576;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a worker that is idle', () => {
  const idle = () => {
    const all = oneMan(new RecordedJob(range(1)), { idleTimeout: 500 });
    all.worker.returns(all.worker.chunks[0]);
    return all;
  };

  it('is told to close after the idle timeout, and not before', () => {
    const { worker } = idle();
    jest.advanceTimersByTime(499);
    const before = worker.wasToldToClose;
    jest.advanceTimersByTime(1);
    expect([before, worker.wasToldToClose]).toEqual([false, true]);
  });

  it('has the whole time again after each item', () => {
    const { pool, worker } = idle();
    jest.advanceTimersByTime(400);
    pool.add(new RecordedJob(range(1)).job);
    worker.returns(worker.chunks[1]);
    jest.advanceTimersByTime(499);
    const before = worker.wasToldToClose;
    jest.advanceTimersByTime(1);
    expect([before, worker.wasToldToClose]).toEqual([false, true]);
  });

  it('stays while it has an item, however long that takes', () => {
    const { pool, worker } = idle();
    pool.add(new RecordedJob(range(1)).job);
    jest.advanceTimersByTime(10_000);
    expect(worker.wasToldToClose).toBe(false);
  });

  it('stays for ever where there is no idle timeout', () => {
    const { worker } = oneMan(new RecordedJob(range(1)));
    worker.returns(worker.chunks[0]);
    jest.advanceTimersByTime(1e9);
    expect(worker.wasToldToClose).toBe(false);
  });

  it('does not keep the process alive while it closes', () => {
    const { worker } = idle();
    jest.advanceTimersByTime(500);
    expect(worker.keepsAlive).toBe(false);
  });

  it('is replaced for the next job, though it has not ended yet', () => {
    const { pool, hired } = idle();
    jest.advanceTimersByTime(500);
    const record = new RecordedJob(['next']);
    pool.add(record.job);
    hired[1].isReady();
    hired[1].returns(hired[1].chunks[0]);
    expect(record.values).toEqual(['next']);
  });

  it('is awaited by a pool that is closed meanwhile', async () => {
    const { pool, worker } = idle();
    jest.advanceTimersByTime(500);
    const closed = pool.close();
    const keepsAlive = worker.keepsAlive;
    worker.ends(0);
    await closed;
    expect([keepsAlive, worker.received.filter(({ kind }) => kind === 'close').length]).toEqual([true, 1]);
  });
});

describe('a worker that is replaced', () => {
  it('after so many items gets no further chunk, and is told to close', () => {
    const record = new RecordedJob(range(6), { chunk: 2 });
    record.job.measure(1, 10);
    const { worker, hired } = oneMan(record, { recycle: { items: 4, heap: undefined } });
    for (let i = 0; i < 2; i++) worker.returns(worker.chunks[i]);
    expect([worker.sizes, worker.wasToldToClose, hired[1].sizes]).toEqual([[2, 2], true, [2]]);
  });

  it('finishes what it has in hand', () => {
    const record = new RecordedJob(range(4), { chunk: 1 });
    record.job.measure(1, 0.5);
    const { worker } = oneMan(record, { recycle: { items: 2, heap: undefined } });
    worker.returns(worker.chunks[0]);
    worker.returns(worker.chunks[1]);
    const before = [worker.chunks.length, worker.wasToldToClose];
    worker.returns(worker.chunks[2]);
    expect([before, worker.wasToldToClose]).toEqual([[3, false], true]);
  });

  it.each([
    ['reached', 100, true],
    ['not reached', 99, false],
  ])('for its heap: a limit of 100 MB is %s', (_what, heap, isReplaced) => {
    const record = new RecordedJob(range(2), { chunk: 1 });
    const { worker } = oneMan(record, { recycle: { items: undefined, heap: 100 } });
    worker.heapIs(heap * MB);
    worker.returns(worker.chunks[0]);
    expect(worker.wasToldToClose).toBe(isReplaced);
  });
});

describe('a lane that replaces no worker for its heap', () => {
  it('has it measure none', () => {
    const memory = new LaneMemory();
    memory.reportHeap(() => {
      throw new Error('nobody asked');
    });
    expect(memory.heap).toBeUndefined();
  });
});

describe('a pool with many jobs', () => {
  /** How often the pool looks at the source of a job, on average, where so many wait. */
  const looks = (jobs: number): number => {
    let count = 0;
    const { pool, hired } = staff(1);
    for (let i = 0; i < jobs; i++) {
      let left = 1;
      const source = {
        get left() {
          count++;
          return left;
        },
        take: () => (left-- > 0 ? [i] : []),
        close: () => void (left = 0),
      };
      pool.add(new RecordedJob([], { source, chunk: 1 }).job);
    }
    const [worker] = hired;
    worker.isReady();
    for (let i = 0; i < jobs; i++) worker.returns(worker.chunks[i]);
    return count / jobs;
  };

  it('looks at each as often as if it were one of a few', () => {
    const [few, many] = [looks(100), looks(1_000)];
    expect(many).toBeLessThan(few * 1.2);
  });
});
