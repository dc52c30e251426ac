import { describe, expect, it } from '@jest/globals';
import { classOf, executorOf, Log } from '../support/workplace.js';

type Used = new () => { use(item: { readonly path: string; readonly n: number }): number };

/** Uses an instance in a worker, and closes the executor. Returns the events that it publishes meanwhile. */
async function closed(name: string, path: string): Promise<readonly unknown[]> {
  const events: unknown[] = [];
  const executor = executorOf({ workers: 1 });
  executor.subscribe(({ type, reason }) => events.push([type, reason]));
  await executor.map(await classOf<Used>('instances-worker.mjs', name), 'use', [{ path, n: 1 }]);
  await executor.close();
  return events;
}

describe('an instance of a worker', () => {
  it('has longer than a second to be disposed of', async () => {
    const log = new Log();
    expect([await closed('Slow', log.path), log.lines]).toEqual([[], ['disposed of at last']]);
  });

  it('that cannot be disposed of is an event', async () => {
    expect(await closed('Reluctant', '')).toEqual([['worker-died', 'uncaught RangeError: not yet']]);
  });
});
