import { describe, expect, it } from '@jest/globals';
import { threadId } from 'node:worker_threads';
import { Service } from '../support/service.js';
import { classOf, executorOf, fixture, settled } from '../support/workplace.js';

const range = (length: number) => Array.from({ length }, (_, n) => n);

describe('workers', () => {
  it.each([1, 2, 3])('are as many as the executor may have: %i', async (workers) => {
    const items = range(24).map((n) => ({ n, delay: 15 }));
    const executor = executorOf({ workers });
    await executor.map(Service, 'afterDelay', items, { chunk: 1 });
    const threads = await Promise.all(range(workers * 4).map(() => executor.run(Service, 'thread', [0])));
    expect(new Set(threads).size).toBeLessThanOrEqual(workers);
  });

  it('are none of them this thread', async () => {
    expect(await executorOf().map(Service, 'thread', range(10))).not.toContain(threadId);
  });

  it('are this thread where work is inline', async () => {
    expect(await executorOf().map(Service, 'thread', [0], { placement: 'inline' })).toEqual([threadId]);
  });

  it('are this thread under Jest, unless it is asked for others', async () => {
    const map = executorOf({ placement: 'auto' }).map(Service, 'thread', [0]);
    expect([await map, map.plan.placement, map.plan.explain()]).toEqual([
      [threadId],
      'inline',
      'In this thread: this is a test of Jest or Vitest.',
    ]);
  });

  it('have the environment of this thread unless they are given another', async () => {
    process.env['SWITCHGEAR_SPEC'] = 'here';
    expect(await executorOf().run(Service, 'env', ['PATH'])).toBe(process.env['PATH']);
  });

  it('have the environment that they are given', async () => {
    const executor = executorOf({ env: { OWN: 'theirs' } });
    expect([
      await executor.run(Service, 'env', ['OWN']),
      await executor.run(Service, 'env', ['PATH']),
    ]).toEqual(['theirs', undefined]);
  });

  it('do not change the environment of this thread', async () => {
    await executorOf().run(Service, 'setEnv', [{ name: 'SWITCHGEAR_WORKER', value: 'there' }]);
    expect(process.env['SWITCHGEAR_WORKER']).toBeUndefined();
  });

  it('import what is to be preloaded', async () => {
    const executor = executorOf({ preload: [fixture('preload-worker.mjs')] });
    expect(await executor.run(Service, 'global', ['preloaded'])).toEqual(['first']);
  });

  it('fail a job, and not the process, if what is to be preloaded is not there', async () => {
    const executor = executorOf({ preload: [fixture('not-there.mjs')] });
    const error = await settled(executor.map(Service, 'double', [1]));
    expect(error).toMatchObject({ message: expect.stringContaining('not-there.mjs') });
  });

  it('may run executors themselves that are meant for it', async () => {
    const [outer, inner, isMain] = await deeper(true);
    expect([outer === threadId, inner === outer, isMain]).toEqual([false, false, false]);
  });

  it('may run no others: most likely their entry file runs once more', async () => {
    await expect(deeper(false)).rejects.toMatchObject({
      code: 'ERR_NESTED_EXECUTOR',
      message: expect.stringContaining('nested: true'),
    });
  });

  async function deeper(nested: boolean): Promise<readonly unknown[]> {
    type Nesting = new () => {
      deeper(item: { readonly items: readonly number[]; readonly nested: boolean }): unknown[];
    };
    const Nesting = await classOf<Nesting>('nesting-worker.mjs', 'Nesting');
    return executorOf().run(Nesting, 'deeper', [{ items: [1, 2, 3], nested }]);
  }

  it('take a chunk of any size', async () => {
    const results = await executorOf().map(Service, 'double', range(100_000), { chunk: 1_000_000 });
    expect(results.at(-1)).toBe(199_998);
  });
});
