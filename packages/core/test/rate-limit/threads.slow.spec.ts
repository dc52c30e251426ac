import { expect, it } from '@jest/globals';
import { Panel, RateLimit } from '@switchgear/core';
import { hire, StartingGate, until } from '../support/hand.js';

it('threads that ask as fast as they can get what one thread would get', async () => {
  const panel = new Panel({ circuits: 16 });
  const policy = { key: 'geo', limit: 1_000, burst: 50 };
  const gate = new StartingGate();
  const workers = hire(3, 'rate-limit-worker.mjs');
  const start = performance.now();
  const asked = workers.map((worker) =>
    worker.ask<number>('take', { buffer: panel.buffer, policy, gate: gate.cells, ms: 1_000 }),
  );
  await gate.open(3);
  const got = (await Promise.all(asked)).reduce((sum, one) => sum + one, 0);
  const elapsed = performance.now() - start;
  expect(got).toBeLessThanOrEqual(50 + elapsed + 1);
  expect(got).toBeGreaterThan(300);
});

it('a call that waits keeps its thread alive, and begins at its slot', async () => {
  const panel = new Panel({ circuits: 16 });
  const policy = { key: 'geo', limit: 1, per: '5s', maxWait: '10s' } as const;
  await new RateLimit(policy, { panel, declaredAt: 'here' }).call(() => 1);
  const [worker] = hire(1, 'rate-limit-worker.mjs');
  expect(await worker.ask('wait', { buffer: panel.buffer, policy })).toBe(1);
  await until(() => worker.told.length > 0);
  expect(worker.told).toEqual(['admitted']);
});

it('a hold refuses the calls of other threads that cannot wait for so long, at once', async () => {
  const panel = new Panel({ circuits: 16 });
  const policy = { key: 'geo', limit: 1, per: '1m', maxWait: '2m' } as const;
  const limit = new RateLimit(policy, { panel, declaredAt: 'here' });
  let fail = (): void => undefined;
  const busy = Object.assign(new Error('busy'), { status: 429, headers: { 'retry-after': '600' } });
  const failing = limit.tryCall(async () => new Promise((_, reject) => (fail = () => reject(busy))));
  const [worker] = hire(1, 'rate-limit-worker.mjs');
  expect(await worker.ask('wait', { buffer: panel.buffer, policy })).toBe(1);
  fail();
  await failing;
  await until(() => worker.told.length > 0);
  expect(worker.told).toEqual(['hold']);
});
