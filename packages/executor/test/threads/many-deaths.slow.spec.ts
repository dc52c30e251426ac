import { beforeAll, describe, expect, it } from '@jest/globals';
import { classOf, executorOf, Log } from '../support/workplace.js';

interface Item {
  readonly n: number;
  readonly log: string;
  readonly dies: boolean;
}

const ITEMS = 5_000;
const DEATHS = 12;
const isDeadly = (n: number) => n % 400 === 399;

describe('5,000 items of which 12 kill their worker', () => {
  let results: readonly number[];
  let counts: Readonly<Record<string, number>>;

  beforeAll(async () => {
    const Doomed = await classOf<new () => { quick(item: Item): number }>('doomed-worker.mjs', 'Doomed');
    const log = new Log();
    const items = Array.from({ length: ITEMS }, (_, n) => ({ n, log: log.path, dies: isDeadly(n) }));
    const executor = executorOf();
    results = await executor.map(Doomed, 'quick', items);
    ({ counts } = log);
    await executor.close();
  });

  it('have all their results, in order', () => {
    expect(results).toEqual(Array.from({ length: ITEMS }, (_, n) => n * n));
  });

  it('run once each, but for those 12, which run twice', () => {
    const expected = Array.from({ length: ITEMS }, (_, n) => [n, isDeadly(n) ? 2 : 1]);
    expect(counts).toEqual(Object.fromEntries(expected));
  });

  it('have 12 that run twice', () => {
    expect(Object.values(counts).filter((times) => times > 1)).toHaveLength(DEATHS);
  });
});
