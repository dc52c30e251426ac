import { describe, expect, it } from '@jest/globals';
import { Parallel, ParallelExecutor } from '@switchgear/executor';
import type { ParallelOptions } from '../../src/target/parallel-mark.js';
import { Service } from '../support/service.js';
import { executorOf, settled } from '../support/workplace.js';

interface Complaint {
  readonly code: string;
  readonly faults: readonly { readonly path: string }[];
}

const pathsOf = (error: unknown) => (error as Complaint).faults.map(({ path }) => path).sort();

function thrownBy(fn: () => unknown): unknown {
  try {
    return fn();
  } catch (error) {
    return error;
  }
}

describe('options of an executor', () => {
  it('are complained of all at once', () => {
    const wrong = {
      workers: 0,
      preload: 'module.mjs',
      resourceLimits: 5,
      env: null,
      placement: 'cloud',
      chunk: 1.5,
      crashRetries: -1,
      grace: NaN,
      nested: 'yes',
      startTimeout: 0,
      idleTimeout: 0,
      recycle: 5,
      wrokers: 2,
    };
    const error = thrownBy(() => new ParallelExecutor(wrong as never));
    expect([(error as Complaint).code, pathsOf(error)]).toEqual(['ERR_POLICY', Object.keys(wrong).sort()]);
  });

  it.each([null, 5, 'two', []])('cannot be %p', (options) => {
    expect(thrownBy(() => new ParallelExecutor(options as never))).toMatchObject({ code: 'ERR_POLICY' });
  });

  it.each([
    {},
    undefined,
    { workers: undefined },
    { workers: 1, chunk: 1, crashRetries: 0, grace: Infinity, startTimeout: '1m', nested: true },
    { idleTimeout: '30s', recycle: { heap: 512, items: 1_000 } },
    { idleTimeout: Infinity, recycle: { items: 1 } },
  ])('may be %p', (options) => {
    expect(() => new ParallelExecutor(options as never)).not.toThrow();
  });
});

describe('when workers are replaced', () => {
  it.each([
    [{}, ['recycle']],
    [{ heap: 0, items: 0.5, itmes: 3 }, ['recycle.heap', 'recycle.items', 'recycle.itmes']],
    [{ heap: '512mb' }, ['recycle.heap']],
  ])('cannot be %p', (recycle, paths) => {
    expect(pathsOf(thrownBy(() => new ParallelExecutor({ recycle } as never)))).toEqual(paths);
  });
});

describe('how an executor is closed', () => {
  it.each([
    [{ within: -1, force: 'yes', wihtin: 5 }, ['force', 'wihtin', 'within']],
    [{ within: Infinity }, ['within']],
    [{ within: '1s', force: true }, ['force']],
    ['now', ['']],
  ])('cannot be %p, and the executor stays open', async (options, paths) => {
    const executor = executorOf();
    const error = await settled(executor.close(options as never));
    expect([pathsOf(error), await executor.run(Service, 'double', [1])]).toEqual([paths, 2]);
  });

  it.each([undefined, {}, { within: 0 }, { within: '1.5s' }, { force: true }, { within: 5, force: false }])(
    'may be %p',
    async (options) => {
      await expect(executorOf().close(options as never)).resolves.toEqual({ unfinished: 0 });
    },
  );
});

describe('a listener', () => {
  it.each([undefined, null, 'log', {}])('cannot be %p', (listener) => {
    expect(() => executorOf().subscribe(listener as never)).toThrow(/subscribe: expected a function/);
  });
});

describe('the grace', () => {
  it.each([0, 20, '20ms', '1.5s', Infinity])('may be %p', (grace) => {
    expect(() => new ParallelExecutor({ grace: grace as '20ms' })).not.toThrow();
  });

  it.each([-1, '5 s', 'soon', 2 ** 31])('cannot be %p', (grace) => {
    expect(pathsOf(thrownBy(() => new ParallelExecutor({ grace: grace as '20ms' })))).toEqual(['grace']);
  });

  it('is what is suggested where graceMs, its name of old, is given', () => {
    const error = thrownBy(() => new ParallelExecutor({ graceMs: 20 } as never));
    expect(error).toMatchObject({ code: 'ERR_POLICY', faults: [{ path: 'graceMs', suggestion: 'grace' }] });
  });
});

describe('@Parallel', () => {
  it('complains of its options all at once', () => {
    const wrong = { cpu: 'yes', create: 5, transfer: [], module: './relative.mjs', creat: 1 };
    expect(pathsOf(thrownBy(() => Parallel(wrong as never)))).toEqual(Object.keys(wrong).sort());
  });

  it.each([null, Service])('takes no %p for options', (options) => {
    expect(thrownBy(() => Parallel(options as never))).toMatchObject({ code: 'ERR_POLICY' });
  });

  it.each([() => 1, {}, 'Class'])('marks no %p', (target) => {
    expect(thrownBy(() => Parallel()(target as never))).toMatchObject({ code: 'ERR_TARGET' });
  });

  it.each([
    ['undefined', (): undefined => undefined],
    ['nothing, later', () => Promise.resolve(undefined)],
  ])('says that `create` has to return the instance, where it returns %s', async (_what, create) => {
    class Made {
      method(item: number): number {
        return item;
      }
    }
    const options: ParallelOptions = { create };
    Parallel(options)(Made);
    await expect(executorOf({ placement: 'inline' }).map(Made, 'method', [1])).rejects.toMatchObject({
      code: 'ERR_TARGET',
      message: expect.stringContaining('returned undefined'),
    });
  });
});

describe('options of a job', () => {
  const wrong = {
    placement: 'cloud',
    chunk: 0,
    crashRetries: 0.5,
    signal: {},
    constructorArgs: 'none',
    transfer: true,
    onProgress: 5,
    ordered: 'yes',
    sginal: null,
  };

  it.each(['map', 'mapSettled', 'plan', 'run'] as const)(
    'are complained of all at once, as a rejection (%s)',
    async (method) => {
      const error = await settled(executorOf()[method as 'map'](Service, 'double', [1], wrong as never));
      expect([(error as Complaint).code, pathsOf(error)]).toEqual(['ERR_POLICY', Object.keys(wrong).sort()]);
    },
  );

  it('that are of no use for one call are complained of, too', async () => {
    const error = await settled(
      executorOf()
        .proxy(Service, wrong as never)
        .double(1),
    );
    expect(pathsOf(error)).toEqual(Object.keys(wrong).sort());
  });
});

describe('a method', () => {
  it.each<[string, unknown]>([
    ['a misspelt name', 'dubble'],
    ['what is no method', 'calls'],
    ['a symbol', Symbol.iterator],
    ['nothing', undefined],
  ])('cannot be %s', async (_what, method) => {
    await expect(executorOf().map(Service, method as never, [1] as never)).rejects.toMatchObject({
      code: 'ERR_TARGET',
    });
  });

  it('may be what a getter returns', async () => {
    expect(await executorOf().map(Service, 'answer', [1])).toEqual([42]);
  });
});

describe('a class', () => {
  it.each<[string, unknown]>([
    ['an object', { double: () => 1 }],
    ['an arrow function', () => 1],
    ['nothing', undefined],
  ])('cannot be %s', async (_what, owner) => {
    await expect(executorOf().map(owner as typeof Service, 'double', [])).rejects.toMatchObject({
      code: 'ERR_TARGET',
      message: expect.stringContaining('expected a class'),
    });
  });
});
