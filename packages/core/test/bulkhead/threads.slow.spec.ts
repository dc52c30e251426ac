import { describe, expect, it } from '@jest/globals';
import { Bulkhead, type BulkheadPolicy, Panel } from '@switchgear/core';
import { hire, until } from '../support/hand.js';

interface Hammered {
  readonly refused: number;
  readonly most: number;
}

async function hammer(
  threads: number,
  policy: BulkheadPolicy,
  lanes: number,
  rounds: number,
): Promise<Hammered> {
  const panel = new Panel({ circuits: 16 });
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const inside = new Int32Array(new SharedArrayBuffer(4));
  const workers = hire(threads, 'bulkhead-worker.mjs');
  const asked = workers.map((worker) =>
    worker.ask<Hammered>('hammer', { buffer: panel.buffer, policy, gate, inside, lanes, rounds }),
  );
  await until(() => Atomics.load(gate, 1) === threads);
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  const told = await Promise.all(asked);
  const { running, waiting } = new Bulkhead(policy, { panel, declaredAt: 'here' }).snapshot();
  expect([running, waiting]).toEqual([0, 0]);
  return {
    refused: told.reduce((sum, { refused }) => sum + refused, 0),
    most: Math.max(...told.map(({ most }) => most)),
  };
}

describe.each([[2], [4]])('%i threads that share a bulkhead', (threads) => {
  it.each([[2], [8], [10], [16], [64]].filter(([permits]) => permits >= threads))(
    'of %i permits, and need no more, are never refused',
    async (permits) => {
      const lanes = Math.floor(permits / threads);
      const { refused, most } = await hammer(threads, { key: 'geo', maxConcurrent: permits }, lanes, 3_000);
      expect(refused).toBe(0);
      expect(most).toBeLessThanOrEqual(permits);
    },
  );

  it.each([[1], [2], [8], [10], [16]])(
    'of %i permits, and ask for more, have never one too many',
    async (permits) => {
      const { refused, most } = await hammer(threads, { key: 'geo', maxConcurrent: permits }, permits, 2_000);
      expect(most).toBeLessThanOrEqual(permits);
      expect(most).toBeGreaterThan(0);
      expect(refused).toBeGreaterThan(0);
    },
  );

  it.each([[1], [2], [8], [10]])('of %i permits, and wait for them, all get one', async (permits) => {
    const policy = { key: 'geo', maxConcurrent: permits, maxQueue: 1_000 };
    const { refused, most } = await hammer(threads, policy, permits + 1, 300);
    expect(refused).toBe(0);
    expect(most).toBeLessThanOrEqual(permits);
  });
});

describe('a thread that is killed', () => {
  const policy = { key: 'geo', maxConcurrent: 2, maxQueue: 5 };

  it('gives back its permits, and the places of its calls that wait', async () => {
    const panel = new Panel({ circuits: 16 });
    const bulkhead = new Bulkhead(policy, { panel, declaredAt: 'here' });
    const [worker] = hire(1, 'bulkhead-worker.mjs');
    expect(await worker.ask('hold', { buffer: panel.buffer, policy, held: 2, waiting: 3 })).toMatchObject({
      running: 2,
      waiting: 3,
    });
    const waiting = bulkhead.call(() => 'admitted');
    expect(bulkhead.snapshot()).toMatchObject({ running: 2, waiting: 4 });
    await worker.terminate();
    // Jest stands between this process and the package, so that the spec has to say that the thread has ended.
    panel.reclaim(worker.threadId);
    expect(await waiting).toBe('admitted');
    expect(bulkhead.snapshot()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('takes no permit along, whenever it is killed', async () => {
    const panel = new Panel({ circuits: 16 });
    const wide = { key: 'mortal', maxConcurrent: 16, maxQueue: 100 };
    const bulkhead = new Bulkhead(wide, { panel, declaredAt: 'here' });
    const inside = new Int32Array(new SharedArrayBuffer(4));
    const gate = new Int32Array(new SharedArrayBuffer(8)).fill(1);
    for (let round = 0; round < 4; round++) {
      const workers = hire(3, 'bulkhead-worker.mjs');
      for (const worker of workers)
        worker.begin('hammer', { buffer: panel.buffer, policy: wide, gate, inside, lanes: 12, rounds: 1e6 });
      await until(() => bulkhead.snapshot().running > 8);
      for (const worker of workers) await worker.terminate();
      for (const worker of workers) panel.reclaim(worker.threadId);
      expect(bulkhead.snapshot()).toMatchObject({ running: 0, waiting: 0 });
      const all = await Promise.all(
        Array.from({ length: 16 }, async () => bulkhead.tryCall(async () => 'fine')),
      );
      expect(all.every(({ status }) => status === 'succeeded')).toBe(true);
    }
  });
});

describe('calls of several threads that wait', () => {
  it('get permits in turn, thread by thread', async () => {
    const panel = new Panel({ circuits: 16 });
    const policy = { key: 'geo', maxConcurrent: 1, maxQueue: 100 };
    const bulkhead = new Bulkhead(policy, { panel, declaredAt: 'here' });
    const order: string[] = [];
    let release = (): void => undefined;
    void bulkhead.call(() => new Promise<void>((resolve) => (release = resolve)));
    const [worker] = hire(1, 'bulkhead-worker.mjs');
    const there = worker.ask('holdFor', { buffer: panel.buffer, policy, ms: 1, calls: 5 });
    await until(() => bulkhead.snapshot().waiting === 5);
    const here = Promise.all(
      Array.from({ length: 5 }, async (_, i) => bulkhead.call(async () => void order.push(String(i)))),
    );
    release();
    // Both end soon, and each in the order in which its calls came: neither has to wait for all of the other.
    expect(await there).toEqual([0, 1, 2, 3, 4]);
    await here;
    expect(order).toEqual(['0', '1', '2', '3', '4']);
  });

  it('keep their thread alive', async () => {
    const panel = new Panel({ circuits: 16 });
    const policy = { key: 'geo', maxConcurrent: 1, maxQueue: 100 };
    const bulkhead = new Bulkhead(policy, { panel, declaredAt: 'here' });
    let release = (): void => undefined;
    void bulkhead.call(() => new Promise<void>((resolve) => (release = resolve)));
    const [worker] = hire(1, 'bulkhead-worker.mjs');
    expect(await worker.ask('waitAlone', { buffer: panel.buffer, policy })).toBe(1);
    release();
    await until(() => worker.told.length > 0);
    expect(worker.told).toEqual(['admitted']);
  });
});
