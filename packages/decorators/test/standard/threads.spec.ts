import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { circuitOf } from '@switchgear/decorators';
import { outcomeOf } from '../support/outcome-of.js';

/*
 * Workers run the build, this thread runs the sources; both import the same decorated module.
 */
jest.setTimeout(60_000);

interface Guarded {
  readonly Service: (new () => { load(): Promise<void> }) & { ping(): void };
  readonly Other: new () => { load(): Promise<void> };
}

interface Told {
  readonly key: string;
  readonly states: readonly string[];
}

const fixture = (file: string) => join(import.meta.dirname, '../support', file);

/** What a worker says before it ends. */
async function toldBy<T>(file: string, workerData?: unknown): Promise<T> {
  const worker = new Worker(fixture(file), { workerData });
  const exited = once(worker, 'exit');
  const [told] = (await once(worker, 'message')) as [T];
  await exited;
  return told;
}

describe('a method without a key, of a class that two threads import', () => {
  let guarded: Guarded;
  let told: Told;
  let keyBefore: string | undefined;

  beforeAll(async () => {
    guarded = (await import(fixture('guarded-service.mjs'))) as Guarded;
    const { Service } = guarded;
    await outcomeOf(() => new Service().load());
    keyBefore = circuitOf(Service, 'load')?.key;
    // One failure here and one there: together they open it.
    told = await toldBy<Told>('guarded-service-worker.mjs', { failures: 1 });
    await outcomeOf(() => {
      Service.ping();
    });
  });

  it('has one circuit by one name in both', () => {
    expect([told.key, keyBefore]).toEqual([circuitOf(guarded.Service, 'load')?.key, told.key]);
  });

  it('opens by the failures of both', () => {
    expect([told.states[0], circuitOf(guarded.Service, 'load')?.state]).toEqual(['open', 'open']);
  });

  it('is refused in the thread that did not open it', async () => {
    const { Service } = guarded;
    expect(await outcomeOf(() => new Service().load())).toBe('ERR_CIRCUIT_OPEN');
  });

  it('opens in the other thread, too, if it is static', () => {
    expect([told.states[1], circuitOf(guarded.Service, 'ping')?.state]).toEqual(['closed', 'open']);
  });

  it('leaves that of another class alone', () => {
    expect([told.states[2], circuitOf(guarded.Other, 'load')?.state]).toEqual(['closed', 'closed']);
  });
});

describe('the ESM and the CJS build in one thread', () => {
  let told: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    told = await toldBy('two-copies-worker.cjs');
  });

  it('are two copies of the package', () => {
    expect(told['areCopies']).toBe(true);
  });

  it('read each other’s policies', () => {
    const both = ['retry', 'circuit-breaker'];
    expect(told['policies']).toEqual([both, both]);
  });

  it('find each other’s circuits', () => {
    expect([told['states'], told['areOneBreaker']]).toEqual([['open', 'open'], true]);
  });

  it('know the keys that the other declares', () => {
    expect(told['referred']).toBe('loaded');
  });
});
