import { describe, expect, it } from '@jest/globals';
import { isExecutorClosedError, mapFailureOf } from '@switchgear/executor';
import { Untidy } from '../support/untidy.js';
import { executorOf, settled } from '../support/workplace.js';

/** Longer than any spec waits. */
const LONG_MS = 60_000;

function gate(): { readonly passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open: () => open() };
}

describe('an executor that is closed within a time', () => {
  it('begins no further item, and lets those that run end', async () => {
    const executor = executorOf({ workers: 1, chunk: 1 });
    const ran: number[] = [];
    const stream = executor.stream(Untidy, 'later', [5, 6, 7, 8, 9], { ordered: false });
    const { value } = await stream.next();
    ran.push(value?.index ?? -1);
    const closed = executor.close({ within: LONG_MS });
    const read = async (): Promise<void> => {
      for await (const { index } of stream) ran.push(index);
    };
    const error = await settled(read());
    const { unfinished } = await closed;
    expect([isExecutorClosedError(error), ran.length + unfinished]).toEqual([true, 5]);
  });

  it('rejects a map that has items left, with its results by then', async () => {
    const executor = executorOf({ workers: 1, chunk: 1 });
    const first = gate();
    const map = executor.map(Untidy, 'later', [1, LONG_MS, LONG_MS], { onProgress: first.open });
    await first.passed;
    const closed = executor.close({ within: 50 });
    const error = await settled(map);
    expect([error, mapFailureOf(error), await closed]).toMatchObject([
      { code: 'ERR_EXECUTOR_CLOSED', completed: 1, message: expect.stringMatching(/1 of 3 items had run/) },
      { index: undefined, completed: new Map([[0, 1]]) },
      { unfinished: 2 },
    ]);
  });

  it('rejects mapSettled with its outcomes by then', async () => {
    const executor = executorOf({ workers: 1, chunk: 1 });
    const first = gate();
    const map = executor.mapSettled(Untidy, 'later', [1, LONG_MS], { onProgress: first.open });
    await first.passed;
    const [error] = await Promise.all([settled(map), executor.close({ force: true })]);
    expect(mapFailureOf(error)?.completed).toEqual(new Map([[0, { status: 'succeeded', value: 1 }]]));
  });

  it('resolves a job whose items all end in time, and waits no longer', async () => {
    const executor = executorOf({ workers: 1 });
    const map = executor.map(Untidy, 'later', [20]);
    await executor.run(Untidy, 'thread', [0]);
    expect([await executor.close({ within: LONG_MS }), await map]).toEqual([{ unfinished: 0 }, [20]]);
  });

  it('stops a job that runs in this thread', async () => {
    const executor = executorOf({ placement: 'auto', workers: 1 });
    const begun = executor.stream(Untidy, 'later', Array<number>(100).fill(2));
    await begun.next();
    const map = executor.map(Untidy, 'later', Array<number>(100).fill(20));
    const [{ unfinished }, error] = await Promise.all([executor.close({ within: 100 }), settled(map)]);
    expect([isExecutorClosedError(error), unfinished > 100]).toEqual([true, true]);
  });

  it.each([
    ['computes for ever', 'spin'],
    ['waits for ever', 'never'],
  ] as const)('ends an item that %s', async (_what, method) => {
    const executor = executorOf({ workers: 1 });
    await executor.run(Untidy, 'thread', [0]);
    const run = executor.run(Untidy, method, [0]);
    const [closed, error] = await Promise.all([executor.close({ within: 20 }), settled(run)]);
    expect([closed, isExecutorClosedError(error)]).toEqual([{ unfinished: 1 }, true]);
  });

  it('after it was told to wait for all ends sooner', async () => {
    const executor = executorOf({ workers: 1 });
    const run = executor.run(Untidy, 'never', [0]);
    const patient = executor.close();
    const forced = executor.close({ force: true });
    expect([isExecutorClosedError(await settled(run)), await patient, await forced]).toEqual([
      true,
      { unfinished: 1 },
      { unfinished: 1 },
    ]);
  });

  it('ends a worker that hangs at its start', async () => {
    const executor = executorOf({
      workers: 1,
      preload: [new URL('../support/stuck-preload-worker.mjs', import.meta.url).href],
    });
    const run = executor.run(Untidy, 'thread', [0]);
    const [closed] = await Promise.all([executor.close({ force: true }), settled(run)]);
    expect(closed).toEqual({ unfinished: 1 });
  });
});

describe('what a method has left open', () => {
  it('does not hold up a close: timers, servers, listeners', async () => {
    const executor = executorOf({ workers: 1 });
    const heard: unknown[] = [];
    executor.subscribe((event) => heard.push(event));
    await executor.run(Untidy, 'leaveOpen', [0]);
    await executor.close();
    expect(heard).toEqual([]);
  });
});

describe('a worker that is replaced', () => {
  it('after so many items is another thread', async () => {
    const executor = executorOf({ workers: 1, recycle: { items: 2 } });
    const threads: number[] = [];
    for (let i = 0; i < 6; i++) threads.push(await executor.run(Untidy, 'thread', [0]));
    expect(new Set(threads).size).toBe(3);
  });

  it('for its heap is another thread', async () => {
    const executor = executorOf({ workers: 1, recycle: { heap: 100 } });
    const threads: number[] = [];
    for (let i = 0; i < 6; i++) threads.push(await executor.run(Untidy, 'keep', [40]));
    expect(new Set(threads).size).toBeGreaterThan(1);
  });
});
