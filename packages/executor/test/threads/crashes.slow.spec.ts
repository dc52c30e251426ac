import { describe, expect, it } from '@jest/globals';
import { isWorkerCrashError, type ParallelExecutor, type WorkerCrashError } from '@switchgear/executor';
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

/** Which exit code a worker has that dies so. */
const deaths = [
  ['process.exit(0)', 0],
  ['process.exit(3)', 3],
  ['an uncaught exception', 1],
  ['an unhandled rejection', 1],
  ['want of memory', 1],
] as const;

const all = Array.from({ length: 12 }, (_, n) => n);
const DOOMED = 5;

/** One worker that gets all items at once: whatever is not done when it dies was in its hand. */
function executor(): ParallelExecutor {
  return executorOf({ workers: 1, chunk: 6, resourceLimits: { maxOldGenerationSizeMb: 24 } });
}

describe.each(deaths)('a worker that dies by %s while it runs an item', (how, exitCode) => {
  const items = (log: Log, times: number): Item[] =>
    all.map((n) => ({ n, log: log.path, how, times: n === DOOMED ? times : 0 }));

  it('is replaced, and the item tried again', async () => {
    const results = await executor().map(Doomed, 'work', items(new Log(), 1));
    expect(results).toEqual(all.map((n) => `${n} done`));
  });

  it('costs nobody but that item a second run', async () => {
    const log = new Log();
    await executor().map(Doomed, 'work', items(log, 1));
    expect(log.counts).toEqual(Object.fromEntries(all.map((n) => [n, n === DOOMED ? 2 : 1])));
  });

  it('fails the item alone if its second worker dies, too', async () => {
    const outcomes = await executor().mapSettled(Doomed, 'work', items(new Log(), Infinity));
    const failed = outcomes.flatMap((outcome, n) => (outcome.status === 'succeeded' ? [] : [n]));
    expect(failed).toEqual([DOOMED]);
  });

  it('is known by the error of the item', async () => {
    const outcomes = await executor().mapSettled(Doomed, 'work', items(new Log(), Infinity));
    const { error } = outcomes[DOOMED] as { readonly error: WorkerCrashError };
    expect({ isKnown: isWorkerCrashError(error), ...error }).toMatchObject({
      isKnown: true,
      code: 'ERR_WORKER_CRASH',
      index: DOOMED,
      attempts: 2,
      exitCode,
    });
  });

  it('leaves the executor as good as new', async () => {
    const workers = executor();
    await workers.mapSettled(Doomed, 'work', items(new Log(), Infinity));
    expect(await workers.map(Doomed, 'work', items(new Log(), 0))).toHaveLength(all.length);
  });
});

describe('a worker that dies', () => {
  it.each([
    ['an uncaught exception', 'nobody caught it'],
    ['an unhandled rejection', 'nobody handled it'],
  ])('by %s tells of it in the cause of the error', async (how, message) => {
    const item = { n: 0, log: new Log().path, how, times: Infinity };
    const error = (await executor()
      .map(Doomed, 'work', [item])
      .catch((thrown: unknown) => thrown)) as Error;
    expect(error.cause).toMatchObject({ name: 'RangeError', message });
  });

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
      { error: { code: 'ERR_WORKER_CRASH', message: expect.stringContaining('had handed over') } },
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
