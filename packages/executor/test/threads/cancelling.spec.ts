import { describe, expect, it } from '@jest/globals';
import { isExecutorClosedError } from '@switchgear/executor';
import { Gate } from '../support/gate.js';
import { Service } from '../support/service.js';
import { executorOf, Log, settled } from '../support/workplace.js';

const range = (length: number) => Array.from({ length }, (_, n) => n);

/** A map whose first item waits at a gate, of one worker that has all the others in hand. */
async function gatedMap(signal?: AbortSignal) {
  const executor = executorOf({ workers: 1 });
  const gate = new Gate();
  const log = new Log();
  const items = range(20).map((n) => ({ n, log: log.path, gate: gate.cells }));
  const map = executor.map(Service, 'gated', items, { chunk: 20, ...(signal && { signal }) });
  await gate.reached();
  return { executor, gate, log, map };
}

describe('an abort while a worker runs an item', () => {
  it('rejects with its reason, without waiting for the item', async () => {
    const controller = new AbortController();
    const { map, gate } = await gatedMap(controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    const error = await settled(map);
    gate.open();
    expect(error).toBe(reason);
  });

  it('lets that item end, and begins none of those in hand', async () => {
    const controller = new AbortController();
    const { executor, map, gate, log } = await gatedMap(controller.signal);
    controller.abort();
    await settled(map);
    gate.open();
    // The same worker, one job after the other.
    await executor.run(Service, 'thread', [0]);
    expect(log.lines).toEqual(['0']);
  });

  it('leaves the worker as it is', async () => {
    const controller = new AbortController();
    const executor = executorOf({ workers: 1 });
    const thread = await executor.run(Service, 'thread', [0]);
    const gate = new Gate();
    const item = { n: 0, log: new Log().path, gate: gate.cells };
    const map = executor.map(Service, 'gated', [item], controller);
    await gate.reached();
    controller.abort();
    await settled(map);
    gate.open();
    expect(await executor.run(Service, 'thread', [0])).toBe(thread);
  });
});

describe('an item that goes on after its job was cancelled', () => {
  it.each(['hang', 'spinForEver'] as const)(
    'loses its worker after the time of grace (%s)',
    async (method) => {
      const controller = new AbortController();
      const executor = executorOf({ workers: 1, grace: 20 });
      const thread = await executor.run(Service, 'thread', [0]);
      const gate = new Gate();
      const map = executor.map(Service, method, [{ gate: gate.cells }], controller);
      await gate.reached();
      const next = executor.run(Service, 'thread', [0]);
      controller.abort();
      await settled(map);
      expect(await next).not.toBe(thread);
    },
  );

  it('loses it when the reader of a stream leaves, too', async () => {
    const executor = executorOf({ workers: 2, grace: 20, chunk: 1 });
    const gates = [new Gate(), new Gate()];
    gates[0].open();
    const log = new Log().path;
    const items = gates.map(({ cells }, n) => ({ n, log, gate: cells }));
    for await (const { index } of executor.stream(Service, 'gated', items)) {
      expect(index).toBe(0);
      await gates[1].reached();
      break;
    }
    const threads = await Promise.all([0, 1].map(() => executor.run(Service, 'thread', [0])));
    expect(threads).toHaveLength(2);
  });
});

describe('an executor that is closed in the midst of a map', () => {
  it('does all of it', async () => {
    const { executor, map, gate } = await gatedMap();
    const closed = executor.close();
    gate.open();
    await closed;
    expect(await map).toEqual(range(20));
  });

  it('is not closed before that', async () => {
    const { executor, map, gate } = await gatedMap();
    const told: string[] = [];
    const ended = map.then(() => told.push('map'));
    const closed = executor.close().then(() => told.push('close'));
    gate.open();
    await Promise.all([ended, closed]);
    expect(told).toEqual(['map', 'close']);
  });

  it('takes no more work', async () => {
    const { executor, gate } = await gatedMap();
    const closed = executor.close();
    const refused = [
      executor.map(Service, 'double', [1]),
      executor.mapSettled(Service, 'double', [1]),
      executor.stream(Service, 'double', [1]).next(),
      executor.run(Service, 'double', [1]),
      executor.proxy(Service).double(1),
      executor.plan(Service, 'double', [1]),
    ];
    const errors = await Promise.all(refused.map((promise: Promise<unknown>) => settled(promise)));
    gate.open();
    await closed;
    expect(errors.map(isExecutorClosedError)).toEqual(errors.map(() => true));
  });

  it('closes when what still runs is aborted, though it never ends', async () => {
    const controller = new AbortController();
    const executor = executorOf({ workers: 1 });
    await executor.run(Service, 'thread', [0]);
    const map = executor.map(Service, 'never', [0], controller);
    const closed = executor.close();
    controller.abort();
    await settled(map);
    await expect(closed).resolves.toEqual({ unfinished: 0 });
  });
});

describe('an executor that is closed', () => {
  it.each(['workers', 'inline', 'auto'] as const)(
    'at once does what it was just given (%s)',
    async (placement) => {
      const executor = executorOf({ placement });
      let result: unknown;
      const map = executor.map(Service, 'double', [1, 2]).then((results) => (result = results));
      await executor.close();
      expect(result).toEqual([2, 4]);
      await map;
    },
  );

  it('twice is closed once', async () => {
    const executor = executorOf();
    await executor.run(Service, 'double', [1]);
    expect(await Promise.all([executor.close(), executor.close()])).toEqual([
      { unfinished: 0 },
      { unfinished: 0 },
    ]);
  });

  it('ends workers that have timers of their own', async () => {
    const executor = executorOf({ workers: 1 });
    await executor.run(Service, 'tick', [0]);
    await expect(executor.close()).resolves.toEqual({ unfinished: 0 });
  });

  it('before it did anything is closed at once', async () => {
    await expect(executorOf().close()).resolves.toEqual({ unfinished: 0 });
  });

  it('at the end of a block takes no more work', async () => {
    const executor = executorOf();
    await executor.run(Service, 'double', [1]);
    await executor[Symbol.asyncDispose]();
    await expect(executor.run(Service, 'double', [1])).rejects.toMatchObject({ code: 'ERR_EXECUTOR_CLOSED' });
  });
});
