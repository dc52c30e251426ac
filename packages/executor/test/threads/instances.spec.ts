import { beforeAll, describe, expect, it } from '@jest/globals';
import { classOf, executorOf, Log, settled } from '../support/workplace.js';

interface Item {
  readonly path: string;
  readonly n: number;
}

type Used = new (...dependencies: { readonly close: () => void }[]) => {
  use(item: Item): number;
  count(item: unknown): number;
};

let classes: Readonly<Record<'Repository' | 'Plain' | 'Late', Used>>;

beforeAll(async () => {
  const load = (name: string) => classOf<Used>('instances-worker.mjs', name);
  classes = {
    Repository: await load('Repository'),
    Plain: await load('Plain'),
    Late: await load('Late'),
  };
});

const items = (log: Log) => [1, 2, 3].map((n) => ({ path: log.path, n }));

describe.each(['workers', 'inline'] as const)('an instance that `create` makes (%s)', (placement) => {
  it('is awaited, and made once a thread', async () => {
    const executor = executorOf({ placement, workers: 1 });
    const before = await executor.map(classes.Repository, 'count', [0, 0]);
    const after = await executor.map(classes.Repository, 'count', [0]);
    expect(new Set([...before, ...after]).size).toBe(1);
  });

  it('is disposed of once, by its asynchronous method, when the executor is closed', async () => {
    const log = new Log();
    const executor = executorOf({ placement, workers: 1 });
    await executor.map(classes.Repository, 'use', items(log));
    await executor.map(classes.Repository, 'use', items(log));
    expect(log.lines).toHaveLength(6);
    await executor.close();
    expect(log.lines.slice(6)).toEqual(['disposed of', 'database closed']);
  });
});

describe.each(['workers', 'inline'] as const)('an instance of `new` (%s)', (placement) => {
  it('is disposed of, the newest first', async () => {
    const log = new Log();
    const executor = executorOf({ placement, workers: 1 });
    await executor.map(classes.Repository, 'use', [{ path: log.path, n: 1 }]);
    await executor.map(classes.Plain, 'use', items(log));
    await executor.close();
    expect(log.lines).toEqual(['used 1', 'disposed of plainly', 'disposed of', 'database closed']);
  });
});

describe('an instance that could not be made', () => {
  it.each(['workers', 'inline'] as const)('is tried again by the next job (%s)', async (placement) => {
    const executor = executorOf({ placement, workers: 1 });
    const item = { path: '', n: 7 };
    const first = await settled(executor.map(classes.Late, 'use', [item]));
    expect([first, await executor.map(classes.Late, 'use', [item])]).toEqual([
      expect.objectContaining({ code: 'ERR_TARGET', message: expect.stringContaining('no database yet') }),
      [7],
    ]);
  });
});
