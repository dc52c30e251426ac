import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  isNotCloneableError,
  type ItemResult,
  mapFailureOf,
  type MapOptions,
  type Placement,
  type Progress,
} from '@switchgear/executor';
import fc from 'fast-check';
import { heardWarnings } from '../support/heard-warnings.js';
import { Bytes, Greeter, Made, Service } from '../support/service.js';
import { executorOf, settled } from '../support/workplace.js';

/*
 * What holds wherever items run: in worker threads, on their protocol in this thread, and in the loop that `auto` begins with.
 */

const jestWorkerId = process.env['JEST_WORKER_ID'];
const range = (length: number) => Array.from({ length }, (_, n) => n);

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe.each<Placement>(['inline', 'workers', 'auto'])('%s', (placement) => {
  const given = { placement } as const;
  const isolated = placement !== 'auto';

  beforeAll(() => {
    // Jest’s own mark would make `auto` mean `inline`.
    delete process.env['JEST_WORKER_ID'];
  });
  afterAll(() => {
    process.env['JEST_WORKER_ID'] = jestWorkerId;
  });

  describe('map', () => {
    it('gives results in the order of the items, whatever each takes', async () => {
      const executor = executorOf(given);
      const delays = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 });
      const run = async (all: readonly number[], chunk: number): Promise<void> => {
        const items = all.map((delay, n) => ({ n, delay }));
        expect(await executor.map(Service, 'afterDelay', items, { chunk })).toEqual(items.map(({ n }) => n));
      };
      const property = fc.asyncProperty(delays, fc.integer({ min: 1, max: 5 }), run);
      await fc.assert(property, { numRuns: 25 });
    }, 30_000);

    it.each<[string, () => Iterable<number>, number[]]>([
      ['an empty array', () => [], []],
      ['one item', () => [4], [8]],
      ['a set', () => new Set([1, 2, 3]), [2, 4, 6]],
      ['an empty set', () => new Set(), []],
      ['an empty generator', () => range(0).values(), []],
      ['a generator', () => range(300).values(), range(300).map((n) => n * 2)],
      ['a typed array', () => new Uint8Array([1, 2]), [2, 4]],
      // eslint-disable-next-line no-sparse-arrays
      ['an array with holes', () => [1, , 3] as number[], [2, NaN, 6]],
    ])('takes %s', async (_what, items, results) => {
      expect(await executorOf(given).map(Service, 'double', items())).toEqual(results);
    });

    it('takes an array as it was when the map began', async () => {
      const items = [1, 2, 3];
      const results = executorOf(given).map(Service, 'double', items);
      items.push(4);
      expect(await results).toEqual([2, 4, 6]);
    });

    it('rejects with what the iterable throws', async () => {
      const failing = function* (): Generator<number> {
        yield 1;
        throw new RangeError('no more');
      };
      await expect(executorOf(given).map(Service, 'double', failing())).rejects.toThrow('no more');
    });

    it('rejects with the first failure', async () => {
      const error = await settled(executorOf(given).map(Service, 'thirds', [0, 1, 2, 3, 4]));
      expect(error).toMatchObject({ name: 'RangeError', message: 'no 2' });
    });

    it('tells of which item the failure is, and what was completed', async () => {
      const executor = executorOf({ ...given, workers: 1 });
      const error = await settled(executor.map(Service, 'thirds', [7, 6, 5, 4], { chunk: 1 }));
      expect(mapFailureOf(error)).toEqual({ index: 2, completed: new Map([[0, 7], [1, 6]]) }); // prettier-ignore
    });

    it('knows nothing of errors that no map failed with', () => {
      expect([mapFailureOf(new Error('another')), mapFailureOf(undefined), mapFailureOf('text')]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    });

    it('closes an iterable that it does not need any more', async () => {
      let isClosed = false;
      const endless = function* (): Generator<number> {
        try {
          for (let n = 0; ; n++) yield n;
        } finally {
          isClosed = true;
        }
      };
      await settled(executorOf(given).map(Service, 'thirds', endless()));
      expect(isClosed).toBe(true);
    });

    it('rejects with the failure even where the iterable cannot be closed', async () => {
      const stubborn = function* (): Generator<number> {
        try {
          for (let n = 0; ; n++) yield n;
        } finally {
          // eslint-disable-next-line no-unsafe-finally
          throw new Error('I do not close');
        }
      };
      // One worker, so that item 2 is the first to fail.
      const executor = executorOf({ ...given, workers: 1 });
      await expect(executor.map(Service, 'thirds', stubborn())).rejects.toThrow('no 2');
    });

    it.each([undefined, null, 7, {}, 'text'])('rejects for %p, which is no list of items', async (items) => {
      const error = await settled(executorOf(given).map(Service, 'double', items as never));
      expect([(error as Error).name, (error as Error).message]).toEqual([
        'TypeError',
        expect.stringMatching(/^items: expected an array or another iterable, received/),
      ]);
    });
  });

  describe('mapSettled', () => {
    it('gives each item’s outcome in order', async () => {
      const outcomes = await executorOf(given).mapSettled(Service, 'thirds', [0, 2, 1, 5]);
      expect(outcomes).toMatchObject([
        { status: 'succeeded', value: 0 },
        { status: 'failed', error: { message: 'no 2' } },
        { status: 'succeeded', value: 1 },
        { status: 'failed', error: { message: 'no 5' } },
      ]);
    });

    it('tells a circuit’s refusal from a failure', async () => {
      const [outcome] = await executorOf(given).mapSettled(Service, 'failLater', ['refusal']);
      expect(outcome).toMatchObject({
        status: 'refused',
        error: { code: 'ERR_CIRCUIT_OPEN', circuit: 'geo', retryAfter: 5 },
      });
    });

    it.each(['fail', 'failLater'] as const)('gives what was thrown, whatever it is (%s)', async (method) => {
      const thrown = ['undefined', 'null', 'text', 'data'] as const;
      const outcomes = await executorOf(given).mapSettled(Service, method, thrown);
      expect(outcomes).toEqual(
        [undefined, null, 'a text', { status: 503 }].map((error) => ({ status: 'failed', error })),
      );
    });

    it('gives errors as they were', async () => {
      const [outcome] = await executorOf(given).mapSettled(Service, 'fail', ['own']);
      expect(outcome).toMatchObject({
        status: 'failed',
        error: {
          name: 'OwnError',
          message: 'mine',
          code: 'E_OWN',
          details: { tries: [1, 2], at: new Date(0) },
          cause: { name: 'TypeError', message: 'fetch failed' },
          stack: expect.stringContaining('service-worker.mjs'),
        },
      });
    });

    it('gives errors with the errors inside them', async () => {
      const [outcome] = await executorOf(given).mapSettled(Service, 'fail', ['aggregate']);
      expect(outcome).toMatchObject({ error: { errors: [{ name: 'RangeError' }, { message: 'two' }] } });
    });

    it('adopts what can be waited for', async () => {
      expect(await executorOf(given).mapSettled(Service, 'thenable', [21])).toMatchObject([{ value: 42 }]);
    });

    it('fails what cannot even be asked whether one can wait for it', async () => {
      const outcomes = await executorOf(given).mapSettled(Service, 'strangeThenable', [1]);
      expect(outcomes).toMatchObject([{ status: 'failed', error: { message: 'what then?' } }]);
    });
  });

  describe('stream', () => {
    it('gives outcomes in order, with the index of each', async () => {
      const items = range(40).map((n) => ({ n, delay: n % 2 === 0 ? 2 : 0 }));
      const results = await collect(executorOf(given).stream(Service, 'afterDelay', items, { chunk: 1 }));
      expect(results).toEqual(range(40).map((n) => ({ status: 'succeeded', value: n, index: n })));
    });

    it('gives failures among the others, and goes on', async () => {
      const results = await collect(executorOf(given).stream(Service, 'thirds', range(4)));
      expect(results.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'failed', 'succeeded']);
    });

    it('gives every outcome once if it is not to be ordered', async () => {
      const results = await collect(
        executorOf(given).stream(Service, 'double', range(700), { ordered: false }),
      );
      const sorted = [...results].sort((a, b) => a.index - b.index);
      expect(sorted).toEqual(range(700).map((n) => ({ status: 'succeeded', value: n * 2, index: n })));
    });

    it('gives none for no items', async () => {
      expect(await collect(executorOf(given).stream(Service, 'double', new Set<number>()))).toEqual([]);
    });

    it('begins nothing before it is read', async () => {
      let taken = 0;
      const items = function* (): Generator<number> {
        for (;;) yield taken++;
      };
      const executor = executorOf(given);
      executor.stream(Service, 'double', items());
      await executor.map(Service, 'double', [1]);
      expect(taken).toBe(0);
    });

    it('takes no more than 256 items ahead of who reads it', async () => {
      let taken = 0;
      const items = function* (): Generator<number> {
        for (;;) yield taken++;
      };
      const executor = executorOf(given);
      const ahead: number[] = [];
      for await (const { index } of executor.stream(Service, 'double', items())) {
        ahead.push(taken - (index + 1));
        // Time enough to take all that may be taken.
        if (index % 50 === 0) await executor.map(Service, 'double', range(10));
        if (index === 600) break;
      }
      expect([Math.max(...ahead), ahead.length]).toEqual([256, 601]);
    });

    it('closes its iterable when the reader leaves', async () => {
      let isClosed = false;
      const endless = function* (): Generator<number> {
        try {
          for (let n = 0; ; n++) yield n;
        } finally {
          isClosed = true;
        }
      };
      for await (const { index } of executorOf(given).stream(Service, 'double', endless()))
        if (index > 9) break;
      expect(isClosed).toBe(true);
    });

    it('throws what the iterable throws, after what came before it', async () => {
      const failing = function* (): Generator<number> {
        yield 1;
        throw new RangeError('no more');
      };
      const read: ItemResult<number>[] = [];
      const reading = (async () => {
        const stream = executorOf({ ...given, workers: 1 }).stream(Service, 'double', failing(), {
          chunk: 1,
        });
        for await (const result of stream) read.push(result);
      })();
      await expect(reading).rejects.toThrow('no more');
    });

    it('throws what is wrong with its options at the first read', async () => {
      const stream = executorOf(given).stream(Service, 'double', [1], { ordered: 'no' as never });
      await expect(stream.next()).rejects.toMatchObject({ code: 'ERR_POLICY' });
    });
  });

  describe('run', () => {
    it('gives a method all its arguments', async () => {
      expect(await executorOf().run(Service, 'list', [1, 'two', [3]], given)).toEqual([1, 'two', [3]]);
    });

    it('gives a method no arguments where there are none', async () => {
      expect(await executorOf().run(Service, 'list', [], given)).toEqual([]);
    });

    it('rejects with what the method throws', async () => {
      await expect(executorOf().run(Service, 'thirds', [2], given)).rejects.toThrow('no 2');
    });

    it.each([undefined, 'text', { 0: 1 }])('rejects for %p, which is no list of arguments', async (args) => {
      const error = await settled(executorOf().run(Service, 'list', args as never, given));
      expect(error).toMatchObject({
        name: 'TypeError',
        message: expect.stringMatching(/^args: expected an array/),
      });
    });
  });

  describe('proxy', () => {
    it('has methods that give promises', async () => {
      const service = executorOf().proxy(Service, given);
      expect([await service.double(4), await service.list(1, 2)]).toEqual([8, [1, 2]]);
    });

    it('can be printed, and calls nothing for it', () => {
      const proxy: object = executorOf(given).proxy(Service);
      expect([inspect(proxy), 'toString' in proxy, 'valueOf' in proxy]).toEqual([
        expect.any(String),
        false,
        false,
      ]);
    });

    it('is no promise itself', async () => {
      const service = executorOf().proxy(Service, given);
      expect(await Promise.resolve(service)).toBe(service);
    });

    it('has the methods of its class, and nothing else', () => {
      const service = executorOf().proxy(Service, given);
      expect(['double', 'constructor', 'calls', 'nothing'].map((name) => name in service)).toEqual([
        true,
        false,
        false,
        false,
      ]);
    });
  });

  describe('an instance', () => {
    it('is one for all calls of a thread', async () => {
      const counts = await executorOf({ ...given, workers: 1 }).map(Service, 'count', range(20));
      expect(counts).toEqual(range(20).map((n) => n + 1));
    });

    it('is made with the arguments of the job', async () => {
      const executor = executorOf(given);
      const greet = async (...constructorArgs: [string, string?]): Promise<string[]> =>
        executor.map(Greeter, 'greet', ['Ada'], { constructorArgs });
      expect([await greet('Hello'), await greet('Bye', '…'), await greet('Hello')]).toEqual([
        ['Hello Ada!'],
        ['Bye Ada…'],
        ['Hello Ada!'],
      ]);
    });

    it('is shared by jobs with equal arguments', async () => {
      const executor = executorOf({ ...given, workers: 1 });
      const count = async (greeting: string): Promise<number[]> =>
        executor.map(Greeter, 'count', [0], { constructorArgs: [greeting] });
      expect([await count('a'), await count('b'), await count('a')]).toEqual([[1], [1], [2]]);
    });

    it('is made by `create` where there is one', async () => {
      expect(await executorOf(given).map(Made, 'tell', [0])).toEqual(['made by hand']);
    });
  });

  describe('an abort', () => {
    it('that has come before begins nothing', async () => {
      const reason = new Error('too late');
      let taken = 0;
      const items = function* (): Generator<number> {
        yield taken++;
      };
      const map = executorOf(given).map(Service, 'double', items(), { signal: AbortSignal.abort(reason) });
      expect([await settled(map), taken]).toEqual([reason, 0]);
    });

    it('rejects at once, though a method never ends', async () => {
      const controller = new AbortController();
      const map = executorOf(given).map(Service, 'never', [1], { signal: controller.signal });
      const reason = new Error('long enough');
      setImmediate(() => controller.abort(reason));
      expect(await settled(map)).toBe(reason);
    });

    it('reaches a job whose items have become long after many short ones', async () => {
      const items = range(8_300).map((n) => ({ n, ms: n < 8_000 ? 0 : 10 }));
      const controller = new AbortController();
      const map = executorOf({ ...given, workers: 1 }).map(Service, 'spun', items, controller);
      const reason = new Error('enough');
      setTimeout(() => controller.abort(reason), 20);
      expect(await settled(map)).toBe(reason);
    });

    it('by the iterable itself rejects with its reason', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const items = function* (): Generator<number> {
        yield 1;
        controller.abort(reason);
        yield 2;
      };
      const map = executorOf(given).map(Service, 'double', items(), { signal: controller.signal });
      expect(await settled(map)).toBe(reason);
    });

    it('ends a stream with its reason', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const reading = (async () => {
        const stream = executorOf(given).stream(Service, 'double', range(10_000), controller);
        for await (const { index } of stream) if (index === 5) controller.abort(reason);
      })();
      expect(await settled(reading)).toBe(reason);
    });

    it('after the end changes nothing', async () => {
      const controller = new AbortController();
      const results = await executorOf(given).map(Service, 'double', [1], controller);
      controller.abort();
      expect(results).toEqual([2]);
    });
  });

  if (!isolated) {
    describe('a plan', () => {
      it('ends with its signal, though a method never ends', async () => {
        const reason = new Error('enough');
        const controller = new AbortController();
        const plan = executorOf(given).plan(Service, 'never', [1, 2], controller);
        setImmediate(() => controller.abort(reason));
        expect(await settled(plan)).toBe(reason);
      });

      it('begins nothing after an abort', async () => {
        const reason = new Error('no');
        let taken = 0;
        const items = (function* (): Generator<number> {
          taken++;
          yield 1;
        })();
        const plan = executorOf(given).plan(Service, 'double', items, { signal: AbortSignal.abort(reason) });
        expect([await settled(plan), taken]).toEqual([reason, 0]);
      });

      it('rejects with what the iterable throws', async () => {
        const failing = function* (): Generator<number> {
          yield 1;
          throw new RangeError('no items');
        };
        await expect(executorOf(given).plan(Service, 'double', failing())).rejects.toThrow('no items');
      });
    });
  }

  describe('progress', () => {
    it('is told at the end, with everything counted', async () => {
      const heard: Progress[] = [];
      const onProgress = (progress: Progress): void => void heard.push(progress);
      await executorOf(given).mapSettled(Service, 'thirds', range(9), { onProgress });
      expect(heard.at(-1)).toMatchObject({ total: 9, done: 9, failed: 3 });
    });

    it('has no total until somebody knows how many items there are', async () => {
      const map = executorOf(given).map(Service, 'double', range(3).values());
      const before = map.progress.total;
      await map;
      expect([before, map.progress]).toMatchObject([undefined, { total: 3, done: 3, failed: 0 }]);
    });

    it('can be asked for at any time', async () => {
      const map = executorOf(given).map(Service, 'double', range(3));
      const before = map.progress.done;
      await map;
      expect([before, map.progress.done]).toEqual([0, 3]);
    });

    it('that throws hurts nobody', async () => {
      const warnings = heardWarnings();
      const onProgress = (): never => {
        throw new Error('no listener');
      };
      expect(await executorOf(given).map(Service, 'double', [1], { onProgress })).toEqual([2]);
      expect(new Set(warnings)).toEqual(new Set(['onProgress threw: no listener']));
    });
  });

  if (isolated) {
    describe('what cannot be cloned', () => {
      const statuses = async (items: readonly unknown[], options?: MapOptions): Promise<string[]> => {
        const outcomes = await executorOf(given).mapSettled(Service, 'echo', items, options);
        return outcomes.map((outcome) =>
          outcome.status === 'failed' && isNotCloneableError(outcome.error)
            ? 'not cloneable'
            : outcome.status,
        );
      };

      it('fails its item, and no other of its chunk', async () => {
        expect(await statuses([1, () => 2, 3], { chunk: 3 })).toEqual([
          'succeeded',
          'not cloneable',
          'succeeded',
        ]);
      });

      it('fails its result, and no other of its chunk', async () => {
        const outcomes = await executorOf(given).mapSettled(Service, 'functionFor', [0, 1, 2], { chunk: 3 });
        expect(outcomes).toMatchObject([
          { value: 0 },
          { status: 'failed', error: { code: 'ERR_NOT_CLONEABLE' } },
          { value: 2 },
        ]);
      });

      it('fails a job whose constructor is to have it', async () => {
        const map = executorOf(given).map(Greeter, 'greet', ['Ada'], {
          constructorArgs: [(() => 1) as never],
        });
        await expect(map).rejects.toMatchObject({ code: 'ERR_NOT_CLONEABLE' });
      });
    });

    describe('a buffer', () => {
      it('of an item is copied unless it is handed over', async () => {
        const bytes = new Uint8Array([1, 2, 3]);
        const sums = await executorOf(given).map(Bytes, 'sum', [bytes]);
        expect([sums, bytes.byteLength]).toEqual([[6], 3]);
      });

      it('of an item is handed over by `transfer`', async () => {
        const bytes = new Uint8Array([1, 2, 3]);
        const transfer = (item: Uint8Array): ArrayBuffer[] => [item.buffer as ArrayBuffer];
        const sums = await executorOf(given).map(Bytes, 'sum', [bytes], { transfer });
        expect([sums, bytes.byteLength]).toEqual([[6], 0]);
      });

      it('that items share and that is gone with one of them fails the others', async () => {
        const buffer = new ArrayBuffer(4);
        const views = [0, 1, 2].map((at) => new Uint8Array(buffer, at, 1));
        const transfer = (item: Uint8Array): ArrayBuffer[] => [item.buffer as ArrayBuffer];
        const outcomes = await executorOf(given).mapSettled(Bytes, 'sum', views, { transfer, chunk: 1 });
        expect(outcomes).toMatchObject([
          { value: 0 },
          { error: { code: 'ERR_NOT_CLONEABLE' } },
          { error: { code: 'ERR_NOT_CLONEABLE' } },
        ]);
      });

      it('that was a result before fails the next one', async () => {
        const executor = executorOf({ ...given, workers: 1 });
        const outcomes = await executor.mapSettled(Bytes, 'same', [0, 0, 0], { chunk: 1 });
        expect(outcomes).toMatchObject([
          { status: 'succeeded' },
          { error: { code: 'ERR_NOT_CLONEABLE' } },
          { error: { code: 'ERR_NOT_CLONEABLE' } },
        ]);
      });

      it.each(['make', 'inside'] as const)(
        'of a result is handed over as its class says (%s)',
        async (method) => {
          const executor = executorOf({ ...given, workers: 1 });
          const [made] = await executor.map(Bytes, method, [3]);
          const bytes = 'bytes' in made ? made.bytes : made;
          expect([[...bytes], await executor.map(Bytes, 'left', [0])]).toEqual([[7, 7, 7], [0]]);
        },
      );
    });
  }
});
