import { threadId } from 'node:worker_threads';
import { afterAll, expect, it } from '@jest/globals';
import { ParallelExecutor } from '@switchgear/executor';
import { Tiles } from '../src/tiles.js';

const executor = new ParallelExecutor({ workers: 2 });

afterAll(() => executor.close());

it('runs in this thread what Jest has transformed', async () => {
  const run = executor.map(Tiles, 'count', [1, 0]);
  expect(await run).toEqual([
    { tiles: 4, thread: threadId },
    { tiles: 1, thread: threadId },
  ]);
  expect(run.plan.placement).toBe('inline');
});

it('runs in workers, if it is told to, what Node can load', async () => {
  const plain = require('../src/plain-tiles.cjs') as { readonly Tiles: typeof Tiles };
  const counts = await executor.map(plain.Tiles, 'count', [1, 0], { placement: 'workers' });
  expect(counts.map(({ tiles }) => tiles)).toEqual([4, 1]);
  expect(counts.map(({ thread }) => thread)).not.toContain(threadId);
});

it('opens a circuit in a worker that is open here', async () => {
  const plain = require('../src/plain-tiles.cjs') as { readonly Tiles: typeof Tiles };
  const names = ['', '', 'sea'];
  const outcomes = await executor.mapSettled(plain.Tiles, 'fetch', names, { placement: 'workers', chunk: 3 });
  expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'failed', 'refused']);
  expect(outcomes[0]).toMatchObject({ error: { name: 'TileError' } });
  await expect(new plain.Tiles().fetch('sea')).rejects.toThrow(/is open/);
});
