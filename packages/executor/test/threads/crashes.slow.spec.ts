import { beforeAll, describe, expect, it } from '@jest/globals';
import { isWorkerCrashError, type ParallelExecutor, type WorkerCrashError } from '@switchgear/executor';
import type { Outcome } from '@switchgear/core';
import { classOf, executorOf, Log } from '../support/workplace.js';

interface Item {
  readonly n: number;
  readonly log: string;
  readonly how: string;
  readonly times: number;
}

type Doomed = new () => {
  work(item: Item): string | Promise<string>;
  overflow(item: unknown): number;
  thread(item: unknown): number;
};

const { Doomed } = { Doomed: await classOf<Doomed>('doomed-worker.mjs', 'Doomed') };

/** The exit code of a worker that dies so, and the cause that its error has. */
const deaths = [
  ['process.exit(0)', 0, undefined],
  ['process.exit(3)', 3, undefined],
  ['an uncaught exception', 1, { name: 'RangeError', message: 'nobody caught it' }],
  ['an unhandled rejection', 1, { name: 'RangeError', message: 'nobody handled it' }],
  ['want of memory', 1, { code: 'ERR_WORKER_OUT_OF_MEMORY' }],
] as const;

const all = Array.from({ length: 12 }, (_, n) => n);
/** Kills its worker at its first run. */
const UNLUCKY = 2;
/** Kills its worker at each run. */
const DEADLY = 8;

/** One worker that gets six items at once: those that it has not run when it dies were in its hand. */
function executor(): ParallelExecutor {
  return executorOf({ workers: 1, chunk: 6, resourceLimits: { maxOldGenerationSizeMb: 24 } });
}

describe.each(deaths)('a worker that dies by %s while it runs an item', (how, exitCode, cause) => {
  let outcomes: readonly Outcome<string>[];
  let counts: Readonly<Record<string, number>>;
  let nextRun: readonly string[];

  beforeAll(async () => {
    const log = new Log();
    const timesOf = (n: number) => (n === UNLUCKY ? 1 : n === DEADLY ? Infinity : 0);
    const items = all.map((n) => ({ n, log: log.path, how, times: timesOf(n) }));
    const workers = executor();
    outcomes = await workers.mapSettled(Doomed, 'work', items);
    ({ counts } = log);
    nextRun = await workers.map(
      Doomed,
      'work',
      items.map((item) => ({ ...item, times: 0 })),
    );
    await workers.close();
  });

  it('is replaced, and the item tried again', () => {
    expect(outcomes[UNLUCKY]).toEqual({ status: 'succeeded', value: `${UNLUCKY} done` });
  });

  it('costs nobody but that item a second run', () => {
    const runs = all.map((n) => [n, n === UNLUCKY || n === DEADLY ? 2 : 1]);
    expect(counts).toEqual(Object.fromEntries(runs));
  });

  it('fails the item alone if its second worker dies, too', () => {
    const failed = outcomes.flatMap((outcome, n) => (outcome.status === 'succeeded' ? [] : [n]));
    expect(failed).toEqual([DEADLY]);
  });

  it('is known by the error of the item', () => {
    const { error } = outcomes[DEADLY] as { readonly error: WorkerCrashError };
    expect({ isKnown: isWorkerCrashError(error), ...error }).toMatchObject({
      isKnown: true,
      code: 'ERR_WORKER_CRASH',
      index: DEADLY,
      attempts: 2,
      exitCode,
    });
  });

  it('says in the cause of that error what it failed with', () => {
    const { error } = outcomes[DEADLY] as { readonly error: WorkerCrashError };
    if (cause === undefined) expect(error.cause).toBeUndefined();
    else expect(error.cause).toMatchObject(cause);
  });

  it('leaves the executor as good as new', () => {
    expect(nextRun).toEqual(all.map((n) => `${n} done`));
  });
});

describe('an item whose worker dies', () => {
  it.each([
    [0, 1],
    [3, 4],
  ])('is tried again as often as crashRetries says: %i times', async (crashRetries, runs) => {
    const log = new Log();
    const item = { n: 0, log: log.path, how: 'process.exit(3)', times: Infinity };
    await executor().mapSettled(Doomed, 'work', [item], { crashRetries });
    expect(log.counts).toEqual({ 0: runs });
  });
});

describe('items that were handed over to a worker that dies', () => {
  it('fail, since they are gone with it', async () => {
    const log = new Log();
    const items = all.slice(0, 3).map((n) => {
      const item = { n, log: log.path, how: 'process.exit(3)', times: n === 1 ? 1 : 0 };
      return { ...item, bytes: new Uint8Array(4) };
    });
    const transfer = ({ bytes }: (typeof items)[number]): ArrayBuffer[] => [bytes.buffer];
    const outcomes = await executor().mapSettled(Doomed, 'work', items as Item[], {
      transfer: transfer as never,
    });
    expect(outcomes).toMatchObject([
      { value: '0 done' },
      { error: { code: 'ERR_WORKER_CRASH', attempts: 1 } },
      { error: { code: 'ERR_WORKER_CRASH', message: expect.stringContaining('had transferred') } },
    ]);
  });
});

describe('an item that overflows the stack', () => {
  it('fails as any other, in a worker that lives on', async () => {
    const workers = executor();
    const before = await workers.run(Doomed, 'thread', [0]);
    const [outcome] = await workers.mapSettled(Doomed, 'overflow', [0]);
    const after = await workers.run(Doomed, 'thread', [0]);
    expect([outcome, after]).toMatchObject([{ status: 'failed', error: { name: 'RangeError' } }, before]);
  });
});
