import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@switchgear/core/testing';
import { Gate } from '../support/gate.js';
import { Service } from '../support/service.js';
import { executorOf, Log } from '../support/workplace.js';

const range = (length: number) => Array.from({ length }, (_, n) => n);

describe('items of very different lengths', () => {
  it.each([1, 2, 3])(
    'run once each, whoever takes them from whom, and have their results in order (%i)',
    async (seed) => {
      const random = seededRandom(seed);
      const log = new Log();
      const items = range(400).map((n) => ({
        n,
        log: log.path,
        // Most take no time, and some as much as hundreds of them.
        ms: random() < 0.05 ? random() * 30 : random() * 0.2,
      }));
      const results = await executorOf({ workers: 3 }).map(Service, 'spun', items);
      expect(results).toEqual(range(400));
      expect(log.counts).toEqual(Object.fromEntries(range(400).map((n) => [n, 1])));
    },
  );

  it('do not wait behind one that takes for ever, while a worker has nothing to do', async () => {
    const [open, closed] = [new Gate(), new Gate()];
    open.open();
    const log = new Log().path;
    const items = range(200).map((n) => ({ n, log, gate: (n === 100 ? closed : open).cells }));
    const done: number[] = [];
    for await (const { index } of executorOf().stream(Service, 'gated', items, { ordered: false })) {
      done.push(index);
      // All the others are there.
      if (done.length === 199) closed.open();
    }
    expect([done.at(-1), new Set(done).size]).toEqual([100, 200]);
  });
});
