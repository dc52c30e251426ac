import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { classOf, executorOf, fixture, settled } from '../support/workplace.js';

type Stuck = new () => { work(item: number): number };

const { Stuck } = { Stuck: await classOf<Stuck>('stuck-worker.mjs', 'Stuck') };
const { Spinning } = { Spinning: await classOf<Stuck>('spinning-worker.mjs', 'Spinning') };
const urlOf = (file: string) => pathToFileURL(fixture(file)).href;

/** Long enough for a worker to load what can be loaded, also on a machine that is busy. */
const options = { workers: 1, startTimeout: '4s' } as const;
const startError = (file: string) => ({ code: 'ERR_WORKER_START', module: urlOf(file), timeout: 4_000 });

async function stuckModule() {
  const executor = executorOf({ ...options, workers: 2 });
  const jobs = [
    settled(executor.map(Stuck, 'work', [1, 2, 3])),
    settled(executor.run(Stuck, 'work', [1])),
    settled(executor.stream(Stuck, 'work', [1]).next()),
  ];
  const others = executor.map(Service, 'double', [1, 2, 3]);
  const errors = await Promise.all(jobs);
  const other = await others;
  await executor.close();
  return { errors, other, isClosed: true };
}

async function stuckPreload() {
  const preload = [fixture('preload-worker.mjs'), fixture('stuck-preload-worker.mjs')];
  return settled(executorOf({ ...options, preload }).run(Service, 'double', [1]));
}

/** A class that a worker is to load after it has run another one. */
async function stuckClass(owner: Stuck) {
  const executor = executorOf(options);
  const thread = await executor.run(Service, 'thread', [0]);
  const error = await settled(executor.map(owner, 'work', [1]));
  return { error, isReplaced: (await executor.run(Service, 'thread', [0])) !== thread };
}

let module: Awaited<ReturnType<typeof stuckModule>>;
let preload: unknown;
let classes: readonly Awaited<ReturnType<typeof stuckClass>>[];

// All at once: each of them takes as long as the timeout.
beforeAll(async () => {
  [module, preload, ...classes] = await Promise.all([
    stuckModule(),
    stuckPreload(),
    stuckClass(Stuck),
    stuckClass(Spinning),
  ]);
});

describe('a module that is never loaded in a worker', () => {
  it('is an error of map, run and stream that names it', () => {
    const error = startError('stuck-worker.mjs');
    expect(module.errors).toMatchObject([error, error, error]);
  });

  it('does no harm to a job of another module', () => {
    expect(module.other).toEqual([2, 4, 6]);
  });

  it('does not keep the executor from closing', () => {
    expect(module.isClosed).toBe(true);
  });
});

describe('a preload that is never loaded', () => {
  it('is an error that names it', () => {
    const message = expect.stringMatching(
      /after 4s: it was still importing the preload .*stuck-preload-worker/,
    );
    expect(preload).toMatchObject({ ...startError('stuck-preload-worker.mjs'), message });
  });
});

describe('a class in a worker that has run another one', () => {
  it.each([
    ['whose module is never loaded', 0, 'stuck-worker.mjs'],
    ['whose constructor never ends', 1, 'spinning-worker.mjs'],
  ])('%s is an error, and its worker is replaced', (_what, which, file) => {
    expect(classes[which]).toMatchObject({ error: startError(file), isReplaced: true });
  });
});
