import { BroadcastChannel } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import type { Channel } from '../../src/dispatch/channel.js';
import { Pool } from '../../src/dispatch/pool.js';
import { workerChannels } from '../../src/dispatch/worker-channel.js';
import { targetFor } from '../../src/target/target.js';
import { RecordedJob } from '../support/recorded-job.js';
import { classOf, Log } from '../support/workplace.js';

describe('a worker that is terminated from outside while it runs an item', () => {
  it('is replaced, and that item alone runs again', async () => {
    const Doomed = await classOf<new () => { work(item: unknown): unknown }>('doomed-worker.mjs', 'Doomed');
    const log = new Log();
    const how = 'terminate() from outside';
    const items = [0, 1, 2, 3].map((n) => ({ n, log: log.path, how, times: n === 1 ? 1 : 0 }));
    const channels: Channel[] = [];
    const openWorker = workerChannels({
      preload: [],
      resourceLimits: undefined,
      env: undefined,
      inherit: true,
    });
    const pool = new Pool({
      workers: 1,
      open: (...line) => {
        const channel = openWorker(...line);
        channels.push(channel);
        return channel;
      },
      startTimeout: 30_000,
      reclaim: () => undefined,
    });
    const doomed = new BroadcastChannel('doomed');
    doomed.onmessage = (message) => {
      const { data } = message as { readonly data: number };
      channels.find(({ threadId }) => threadId === data)?.terminate();
    };
    const { target } = targetFor(Doomed, 'work');
    const record = new RecordedJob(items, { owner: Doomed, target, chunk: 4 });
    pool.add(record.job);
    await pool.close();
    doomed.close();
    expect([record.values, log.counts, channels.length]).toEqual([
      [0, 1, 2, 3].map((n) => `${n} done`),
      { 0: 1, 1: 2, 2: 1, 3: 1 },
      2,
    ]);
  });
});
