import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FailingServer } from './failing-server.js';
import { runFunction } from './program.js';

/* One batch, written with p-map and p-retry and with the executor and a retry; each runs in a process of its own. */
const MINUTE = 60_000;
let server: FailingServer;

beforeEach(async () => {
  server = await FailingServer.listening();
});

afterEach(() => server.close());

describe.each([
  ['p-map and p-retry', 'p-retry/before'],
  ['Switchgear', 'p-retry/after'],
])('a batch of fingerprints, with %s', (_, module) => {
  const run = (...ids: readonly string[]) => runFunction(module, 'fingerprints', server.url, ids);
  const of = (id: string, attempt = 1) =>
    `${id} ${createHash('sha256').update(id).digest('hex').slice(0, 8)}, attempt ${attempt}`;

  it(
    'has its results in the order of the items, without those that are sold out, at most 4 at once',
    async () => {
      server.pace = 20;
      const ids = ['p1', 'none', 'p2', 'p3', 'p4', 'no-more', 'p5', 'p6'];
      expect(await run(...ids)).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6'].map((id) => of(id)));
      expect([...server.takePaths()].sort()).toEqual(ids.map((id) => `/${id}`).sort());
      expect(server.mostAtOnce).toBeGreaterThan(1);
      expect(server.mostAtOnce).toBeLessThanOrEqual(4);
    },
    MINUTE,
  );

  it(
    'outlasts a short outage by its retries',
    async () => {
      server.failures = 3;
      expect(await run('p1')).toEqual([of('p1', 4)]);
      expect(server.takePaths()).toHaveLength(4);
    },
    MINUTE,
  );

  it(
    'fails by a long one after 4 attempts each, leaves the last items alone, and works again after it',
    async () => {
      server.mood = 'down';
      const ids = Array.from({ length: 40 }, (_, n) => `p${n + 1}`);
      expect(await run(...ids)).toMatch(/^Error: p[1-4]: HTTP 503$/);
      const asked = server.takePaths();
      expect(asked.filter((path) => path === '/p1')).toHaveLength(4);
      expect(new Set(asked).size).toBeLessThan(20);
      server.mood = 'healthy';
      expect(await run(...ids)).toEqual(ids.map((id) => of(id)));
    },
    MINUTE,
  );

  it(
    'goes through all items where failures do not end it, and lists the failures in the order of the items',
    async () => {
      server.mood = 'down';
      const ids = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
      expect(await runFunction(module, 'failures', server.url, ids)).toEqual(
        ids.map((id) => `Error: ${id}: HTTP 503`),
      );
      expect(server.takePaths()).toHaveLength(4 * ids.length);
      server.mood = 'healthy';
      expect(await runFunction(module, 'failures', server.url, [...ids, 'none'])).toEqual([]);
    },
    MINUTE,
  );
});
