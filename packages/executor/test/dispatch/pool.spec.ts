import { describe, expect, it } from '@jest/globals';
import { toErrorRecord } from '@switchgear/core';
import { Pool } from '../../src/dispatch/pool.js';
import { type FakeWorker, fakeWorkers } from '../support/fake-worker.js';
import { RecordedJob } from '../support/recorded-job.js';
import { oneMan, range, short, type Staff, staff } from '../support/staff.js';
import { targetOf } from '../support/target-of.js';

class Anything {
  other(): void {}
}

const OTHER_METHOD = targetOf(Anything, '/anything.mjs', 'other');

const sizes = (hired: readonly FakeWorker[]) => hired.map((worker) => worker.sizes);

describe('a pool', () => {
  it('starts no worker before there is work', () => {
    expect(staff(2).hired).toEqual([]);
  });

  it('starts as many workers as it may', () => {
    const { pool, hired } = staff(3);
    pool.add(new RecordedJob(range(100)).job);
    expect(hired).toHaveLength(3);
  });

  it('starts no more workers than there are items', () => {
    const { pool, hired } = staff(3);
    pool.add(new RecordedJob(range(2)).job);
    expect(hired).toHaveLength(2);
  });

  it('starts no worker while one is idle', () => {
    const { pool, hired } = staff(2);
    for (const item of ['one', 'other']) {
      pool.add(new RecordedJob([item]).job);
      hired[0].isReady();
      hired[0].returns(hired[0].chunks.at(-1) as never);
    }
    expect(sizes(hired)).toEqual([[1, 1]]);
  });

  it('starts one for a second job while the first worker is busy', () => {
    const { pool, hired } = staff(2);
    for (const item of ['one', 'other']) pool.add(new RecordedJob([item]).job);
    expect(sizes(hired)).toEqual([[1], [1]]);
  });

  it('starts workers with the module of the job', () => {
    const { pool, hired } = staff(1);
    pool.add(new RecordedJob(range(1)).job);
    expect(hired[0].module).toBe('/anything.mjs');
  });

  it('gives a worker that is starting one item', () => {
    const { pool, hired } = staff(2);
    pool.add(new RecordedJob(range(100)).job);
    expect(sizes(hired)).toEqual([[1], [1]]);
  });

  it('gives a worker whose items are short a second chunk, and no third', () => {
    expect(oneMan(short(range(100), { chunk: 1 })).worker.sizes).toEqual([1, 1]);
  });

  it('gives a worker that is only starting no second chunk', () => {
    const { pool, hired } = staff(1);
    pool.add(short(range(100), { chunk: 1 }).job);
    expect(hired[0].sizes).toEqual([1]);
  });

  it('gives a worker whose items are long no second chunk to wait for it', () => {
    const record = new RecordedJob(range(100), { chunk: 1 });
    record.job.measure(1, 5);
    expect(oneMan(record).worker.sizes).toEqual([1]);
  });

  it('gives every worker a chunk before any has two', () => {
    const { pool, hired } = staff(2);
    pool.add(short(range(3), { chunk: 1 }).job);
    for (const worker of hired) worker.isReady();
    expect(sizes(hired)).toEqual([[1, 1], [1]]);
  });

  it('makes chunks of as many items as take twenty milliseconds', () => {
    const record = new RecordedJob(range(1000));
    record.job.measure(10, 10);
    expect(oneMan(record).worker.sizes).toEqual([20, 20]);
  });

  it('measures how long the items of a chunk took', () => {
    const record = new RecordedJob(range(100_000));
    const before = performance.now();
    const { worker } = oneMan(record);
    worker.returns(worker.chunks[0]);
    const elapsed = performance.now() - before;
    expect([record.job.itemTime !== undefined, Number(record.job.itemTime) <= elapsed]).toEqual([true, true]);
  });

  it('gives jobs their turns', () => {
    const { pool, worker } = oneMan(new RecordedJob(['one', 'one', 'one', 'one'], { chunk: 1 }));
    pool.add(new RecordedJob(['other', 'other'], { chunk: 1 }).job);
    for (let i = 0; i < 5; i++) worker.returns(worker.chunks[i]);
    const given = worker.chunks.flatMap(({ calls }) => calls).flat();
    expect([given.slice(1, 5), given.length]).toEqual([expect.arrayContaining(['one', 'other']), 6]);
    expect(given.slice(1, 5).filter((one) => one === 'other')).toHaveLength(2);
  });

  it('introduces a target to each worker once', () => {
    const { worker } = oneMan(new RecordedJob(range(3)));
    worker.returns(worker.chunks[0]);
    expect([worker.received[0].kind, worker.introductions]).toEqual(['target', 1]);
  });

  it.each([
    ['two jobs of one target', { constructorArgs: [1] }, { constructorArgs: [1] }, 1],
    ['two jobs of two instances', { constructorArgs: [1] }, { constructorArgs: [2] }, 2],
    ['two methods of one instance', {}, { target: { ...OTHER_METHOD } }, 2],
  ])('introduces %s as often as there are targets', (_what, one, other, introductions) => {
    const { pool, hired } = staff(1);
    for (const options of [one, other]) pool.add(new RecordedJob([0], options).job);
    hired[0].isReady();
    for (const at of [0, 1]) hired[0].returns(hired[0].chunks[at]);
    expect(hired[0].introductions).toBe(introductions);
  });

  it.each([
    ['one instance to jobs with equal arguments', [1, { a: 1 }], [1, { a: 1 }], 1],
    ['instances of their own to jobs with other arguments', [1, { a: 1 }], [1, { a: 2 }], 2],
  ])('gives %s', (_what, one, other, instances) => {
    const { pool, hired } = staff(1);
    for (const constructorArgs of [one, other]) pool.add(new RecordedJob([0], { constructorArgs }).job);
    hired[0].isReady();
    hired[0].returns(hired[0].chunks[0]);
    const numbers = hired[0].received.flatMap((message) =>
      message.kind === 'target' ? [message.instance] : [],
    );
    expect(new Set(numbers).size).toBe(instances);
  });
});

describe('a worker', () => {
  it('keeps the process alive while the second of two chunks is in its hand', () => {
    const { worker } = oneMan(short(range(2), { chunk: 1 }));
    const inHand = worker.chunks.length;
    worker.returns(worker.chunks[0]);
    const before = worker.keepsAlive;
    worker.returns(worker.chunks[1]);
    expect([inHand, before, worker.keepsAlive]).toEqual([2, true, false]);
  });

  it('keeps the process alive while it has something in hand', () => {
    const { worker } = oneMan(new RecordedJob(range(1)));
    const before = worker.keepsAlive;
    worker.returns(worker.chunks[0]);
    expect([before, worker.keepsAlive]).toEqual([true, false]);
  });

  it('that was started for an iterable that had no more does not keep the process alive', () => {
    const { pool, hired } = staff(2);
    pool.add(new RecordedJob(new Set()).job);
    expect(hired.map(({ keepsAlive }) => keepsAlive)).not.toContain(true);
  });

  it('tells of items one after the other, in as many messages as it likes', () => {
    const record = new RecordedJob(['a', 'b', 'c'], { chunk: 3 });
    const { worker } = oneMan(record);
    worker.tells(worker.chunks[0], { value: 'A' }, { value: 'B' });
    worker.tells(worker.chunks[0], { error: toErrorRecord(new Error('c')) });
    expect([...record.outcomes]).toMatchObject([
      [0, { status: 'succeeded', value: 'A' }],
      [1, { status: 'succeeded', value: 'B' }],
      [2, { status: 'failed', error: { message: 'c' } }],
    ]);
  });

  it('ends its job with the last outcome', () => {
    const record = new RecordedJob(['a', 'b'], { chunk: 2 });
    const { worker } = oneMan(record);
    worker.tells(worker.chunks[0], { value: 'A' });
    const before = record.ends.length;
    worker.tells(worker.chunks[0], { value: 'B' });
    expect([before, record.ends]).toEqual([0, [undefined]]);
  });

  it('gets no more of a job that was given up', () => {
    const record = new RecordedJob(range(10), { chunk: 2 });
    const { worker } = oneMan(record);
    record.job.end({ thrown: 'enough' });
    expect([worker.chunks.length, record.outcomes.size]).toEqual([1, 0]);
  });

  it('begins nothing more of what it has in hand of such a job', () => {
    const record = new RecordedJob(range(10), { chunk: 2 });
    const { worker } = oneMan(record);
    const before = worker.begins(worker.chunks[0]);
    record.job.end({ thrown: 'enough' });
    expect([before, worker.begins(worker.chunks[0])]).toEqual([true, false]);
  });

  it('gets other work when it is done with that, and not before', () => {
    const record = new RecordedJob(range(10), { chunk: 2 });
    const { pool, worker } = oneMan(record);
    record.job.end({ thrown: 'enough' });
    pool.add(new RecordedJob(['other'], { chunk: 1 }).job);
    const before = worker.chunks.length;
    worker.passes(worker.chunks[0]);
    expect([before, worker.chunks.at(-1)?.calls]).toEqual([1, [['other']]]);
  });

  it('leaves nobody waiting behind such a job', async () => {
    const record = new RecordedJob(range(10), { chunk: 1 });
    const { pool, worker } = oneMan(record);
    const other = new RecordedJob(['other'], { chunk: 1, target: OTHER_METHOD });
    pool.add(other.job);
    worker.returns(worker.chunks[0]);
    record.job.end({ thrown: 'enough' });
    await Promise.resolve();
    for (const chunk of worker.chunks.slice(1)) worker.passes(chunk);
    for (const chunk of worker.chunks.filter(({ calls }) => calls[0][0] === 'other')) worker.returns(chunk);
    expect(other.values).toEqual(['other']);
  });

  it('gets no second chunk to wait behind an item of which nobody knows how long it takes', () => {
    const { pool, worker } = oneMan(new RecordedJob(['unknown']));
    pool.add(short(range(10), { chunk: 1 }).job);
    expect(worker.sizes).toEqual([1]);
  });
});

describe('a worker that cannot load its target', () => {
  const error = toErrorRecord(Object.assign(new SyntaxError('no such module'), { code: 'ERR_NONE' }));

  function failing(): Staff & { readonly worker: FakeWorker; readonly record: RecordedJob } {
    const record = new RecordedJob(range(10));
    const all = oneMan(record);
    all.worker.says({ kind: 'target-failed', id: all.worker.chunks[0].target, error });
    return { ...all, record };
  }

  it('ends the job with its error', () => {
    const { record } = failing();
    expect(record.ends).toMatchObject([{ thrown: { name: 'SyntaxError', code: 'ERR_NONE' } }]);
  });

  it('tells which module could not be loaded, where it knows no more', () => {
    const record = new RecordedJob(range(10));
    const { worker } = oneMan(record);
    const id = worker.chunks[0].target;
    worker.says({ kind: 'target-failed', id, error, module: 'file:///anything.mjs' });
    expect(record.ends).toMatchObject([
      {
        thrown: {
          code: 'ERR_TARGET',
          message: expect.stringMatching(/file:\/\/\/anything.mjs.*no such module/),
        },
      },
    ]);
  });

  it('takes no chunk of another target along', () => {
    const { pool, hired } = staff(1);
    const [good, bad] = [['good'], ['bad']].map((items) =>
      short(items, { chunk: 1, constructorArgs: items }),
    );
    for (const { job } of [good, bad]) pool.add(job);
    const [worker] = hired;
    worker.isReady();
    const inHand = worker.chunks.length;
    worker.says({ kind: 'target-failed', id: worker.chunks[1].target, error });
    const keepsAlive = worker.keepsAlive;
    worker.returns(worker.chunks[0]);
    expect([inHand, keepsAlive, worker.chunks.length]).toEqual([2, true, 2]);
    expect([good.values, good.ends, bad.ends.length]).toEqual([['good'], [undefined], 1]);
  });

  it('does not keep the process alive', () => {
    expect(failing().worker.keepsAlive).toBe(false);
  });

  it('is asked to load it again for the next job', () => {
    const { pool, worker } = failing();
    const record = new RecordedJob(['again']);
    pool.add(record.job);
    worker.returns(worker.chunks.at(-1) as never);
    expect([worker.introductions, record.values]).toEqual([2, ['again']]);
  });

  it('leaves jobs with another target alone', () => {
    const { pool, hired } = staff(2);
    const record = [new RecordedJob([1]), new RecordedJob([2], { constructorArgs: ['other'] })];
    for (const { job } of record) pool.add(job);
    hired[0].isReady();
    hired[0].says({ kind: 'target-failed', id: hired[0].chunks[0].target, error });
    expect(record.map(({ ends }) => ends.length)).toEqual([1, 0]);
  });
});

describe('an item that cannot be cloned', () => {
  it('fails, and the others of its chunk are sent without it', () => {
    const record = new RecordedJob([0, () => 1, 2], { chunk: 3 });
    const { worker } = oneMan(record);
    expect([record.errorOf(1), worker.chunks[0].calls]).toMatchObject([
      { code: 'ERR_NOT_CLONEABLE', message: expect.stringContaining('item 1') },
      [[0], [2]],
    ]);
  });

  it.each([['what is to be handed over is none of these things', { transfer: () => [{} as ArrayBuffer] }]])(
    'where %s is nobody in particular, and all fail',
    (_what, options) => {
      const record = new RecordedJob([0, 1], { chunk: 2, ...options });
      const { worker } = oneMan(record);
      expect([record.values, record.ends, worker.keepsAlive]).toEqual([
        ['failed', 'failed'],
        [undefined],
        false,
      ]);
    },
  );

  it('is not blamed for arguments of the constructor that cannot be: these end the job', () => {
    const record = new RecordedJob([0, 1], { chunk: 2, constructorArgs: [() => 1] });
    const { worker } = oneMan(record);
    expect([record.values, record.ends, worker.keepsAlive]).toMatchObject([
      [],
      [{ thrown: { code: 'ERR_NOT_CLONEABLE', message: expect.stringContaining('constructorArgs') } }],
      false,
    ]);
  });

  it('or of which nobody can say what to hand over, fails alone, too', () => {
    const transfer = (item: number) => {
      if (item === 1) throw new Error('which?');
      return [];
    };
    const record = new RecordedJob([0, 1, 2], { chunk: 3, transfer });
    const { worker } = oneMan(record);
    expect([record.errorOf(1), worker.chunks[0].calls]).toMatchObject([
      { code: 'ERR_NOT_CLONEABLE', cause: { message: 'which?' } },
      [[0], [2]],
    ]);
  });

  it('is not one that shares a buffer to be handed over with another', () => {
    const buffer = new ArrayBuffer(8);
    const items = [new Uint8Array(buffer, 0, 4), new Uint8Array(buffer, 4)];
    const record = new RecordedJob(items, {
      chunk: 2,
      transfer: (view: Uint8Array<ArrayBuffer>) => [view.buffer],
    });
    expect([oneMan(record).worker.sizes, buffer.byteLength]).toEqual([[2], 0]);
  });
});

describe('holes among the items', () => {
  it('are sent as undefined', () => {
    // eslint-disable-next-line no-sparse-arrays
    const { worker } = oneMan(new RecordedJob([0, , 2], { chunk: 3 }));
    expect(worker.chunks[0].calls).toEqual([[0], [undefined], [2]]);
  });
});

describe('a worker that cannot even be made', () => {
  it('ends the job with what Node says', async () => {
    const open = () => {
      throw new TypeError('no such option');
    };
    const pool = new Pool({ workers: 1, open, startTimeout: 30_000, reclaim: () => undefined });
    const record = new RecordedJob([1]);
    pool.add(record.job);
    await expect(pool.close()).resolves.toBeUndefined();
    expect(record.ends).toMatchObject([{ thrown: { message: 'no such option' } }]);
  });
});

describe('a worker that cannot be made once', () => {
  it('leaves nobody waiting behind the job that it was for', async () => {
    const { open, hired } = fakeWorkers();
    let attempts = 0;
    const pool = new Pool({
      workers: 1,
      open: (...args) => {
        if (++attempts === 2) throw new TypeError('not this time');
        return open(...args);
      },
      startTimeout: 30_000,
      reclaim: () => undefined,
    });
    const [one, other] = ['one', 'other'].map((item) => new RecordedJob([item]));
    for (const { job } of [one, other]) pool.add(job);
    hired[0].ends(1);
    await Promise.resolve();
    expect([one.ends.length, hired[1].chunks[0].calls]).toEqual([1, [['other']]]);
  });
});
