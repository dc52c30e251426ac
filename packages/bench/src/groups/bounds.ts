import { Bulkhead, RateLimit, withBulkhead, withRateLimit } from '@switchgear/core';
import Bottleneck from 'bottleneck';
import * as cockatiel from 'cockatiel';
import pLimit from 'p-limit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type Contest, hold } from '../contest.js';
import type { Group } from '../contestant.js';

/** Calls that a bulkhead or a rate limit admits at once. */
export const bounds: Group = {
  name: 'bounds',
  measure: async (effort) => [await hold(bulkheads(), effort), await hold(rateLimits(), effort)],
};

// eslint-disable-next-line @typescript-eslint/require-await -- an async function is what is measured
const one = async (): Promise<number> => 1;

const PLENTY = 1_000_000_000;

function bulkheads(): Contest {
  const shared = withBulkhead({ key: 'bench-64', maxConcurrent: 64 })(one);
  const single = withBulkhead({ key: 'bench-1', maxConcurrent: 1 })(one);
  const queueing = withBulkhead({ key: 'bench-queue', maxConcurrent: 64, maxQueue: 100 })(one);
  const bulkhead = new Bulkhead({ key: 'bench-call', maxConcurrent: 64 });
  const theirs = cockatiel.bulkhead(64);
  const limit = pLimit(64);
  return {
    title: 'A bulkhead with a free permit',
    note: 'Ours is shared by all threads of the process; the others are of one thread.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      { name: 'the bare function, `async () => 1`', call: () => one() },
      { name: '`withBulkhead` of 64 permits', goal: 2.2, call: () => shared() },
      { name: '`withBulkhead` of 1 permit', call: () => single() },
      { name: '`withBulkhead` with a queue', call: () => queueing() },
      { name: '`bulkhead.call(fn)`', call: () => bulkhead.call(one) },
      { name: 'cockatiel', call: () => theirs.execute(one) },
      { name: 'p-limit', call: () => limit(one) },
    ],
  };
}

function rateLimits(): Contest {
  const shared = withRateLimit({ key: 'bench-rate', limit: PLENTY })(one);
  const waiting = withRateLimit({ key: 'bench-wait', limit: PLENTY, maxWait: '1s' })(one);
  const limit = new RateLimit({ key: 'bench-rate-call', limit: PLENTY });
  const bottleneck = new Bottleneck({ reservoir: PLENTY });
  const flexible = new RateLimiterMemory({ points: PLENTY, duration: 1 });
  return {
    title: 'A rate limit with a free slot',
    note: 'Ours is shared by all threads of the process; the others are of one thread.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      { name: 'the bare function, `async () => 1`', call: () => one() },
      { name: '`withRateLimit`', goal: 2, call: () => shared() },
      { name: '`withRateLimit` with `maxWait`', call: () => waiting() },
      { name: '`limit.call(fn)`', call: () => limit.call(one) },
      { name: 'bottleneck', call: () => bottleneck.schedule(one) },
      { name: 'rate-limiter-flexible, in memory', call: async () => (await flexible.consume('key'), one()) },
    ],
  };
}
