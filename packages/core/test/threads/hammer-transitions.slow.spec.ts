import { beforeAll, describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitSnapshot, Panel } from '@switchgear/core';
import { type Hand, hire, StartingGate } from '../support/hand.js';
import { SharedClock } from '../support/shared-clock.js';

type Told = readonly [generation: number, from: string, to: string, shadow: boolean];

interface Deeds {
  readonly own: readonly Told[];
  readonly callbacks: Readonly<Record<'open' | 'half-open' | 'closed', number>>;
}

let crew: readonly Hand[];

beforeAll(() => {
  crew = hire(10, 'hammer-worker.mjs');
});

/** What so many threads did in a storm of calls, late outcomes, operators' hands and a clock that jumps. */
async function storm(
  workers: number,
  steps: number,
): Promise<{ before: CircuitSnapshot; after: CircuitSnapshot; deeds: readonly Deeds[] }> {
  const clock = new SharedClock();
  const panel = new Panel({ circuits: 100, clock });
  const key = 'storm';
  const policy = {
    failureThreshold: 3,
    successThreshold: 2,
    resetTimeout: 5,
    halfOpen: { permits: 3, permitTimeout: 20 },
    window: { calls: 50, minimumCalls: 10, failureRate: 0.8 },
  };
  const breaker = new CircuitBreaker({ ...policy, key }, { panel });
  const before = breaker.snapshot();
  const gate = new StartingGate();
  const work = { buffer: panel.buffer, time: clock.cells, key, policy, gate: gate.cells, steps };
  const done = crew
    .slice(0, workers)
    .map((hand, index) => hand.ask<Deeds>('storm', { ...work, seed: workers * 100 + index }));
  await gate.open(workers);
  const deeds = await Promise.all(done);
  return { before, after: breaker.snapshot(), deeds };
}

describe.each([
  [2, 6_000],
  [4, 4_000],
  [10, 1_500],
])('a storm of %i threads', (workers, steps) => {
  it('has exactly one thread begin each generation, with the state the one before ended in', async () => {
    const { before, after, deeds } = await storm(workers, steps);
    const told = deeds.flatMap(({ own }) => own).sort(([one], [other]) => one - other);
    const generations = told.map(([generation]) => generation);
    const passed = after.generation - before.generation;
    expect(passed).toBeGreaterThan(100);
    expect(generations).toEqual(Array.from({ length: passed }, (_, i) => before.generation + 1 + i));
    const begun = told.map(([, , to, shadow]) => (shadow ? 'shadow' : to));
    const left = told.map(([, from, , shadow]) => (shadow ? 'shadow' : from));
    expect(left).toEqual(['closed', ...begun.slice(0, -1)]);
    expect(after.state).toBe(begun.at(-1));
  });

  it('calls back for each transition once, in the thread that made it', async () => {
    const { deeds } = await storm(workers, steps);
    for (const { own, callbacks } of deeds) {
      const refuses = (state: string): boolean => ['open', 'half-open', 'forced-open'].includes(state);
      const made = own.filter(([, , , shadow]) => !shadow);
      expect({
        open: made.filter(([, , to]) => to === 'open' || to === 'forced-open').length,
        'half-open': made.filter(([, , to]) => to === 'half-open').length,
        closed: made.filter(([, from, to]) => refuses(from) && !refuses(to)).length,
      }).toEqual(callbacks);
    }
  });
});

describe('threads that probe a half-open circuit', () => {
  it.each([
    { permits: 1, isAsync: false },
    { permits: 2, isAsync: false },
    { permits: 3, isAsync: true },
    { permits: 8, isAsync: true },
  ])(
    'never have more probes running at once than $permits permits allow (async: $isAsync), and close it once',
    async ({ permits, isAsync }) => {
      const clock = new SharedClock();
      const panel = new Panel({ circuits: 50, clock });
      const policy = {
        failureThreshold: 1,
        successThreshold: 300,
        resetTimeout: 1_000,
        halfOpen: { permits, permitTimeout: '1h' },
      } as const;
      const breaker = new CircuitBreaker({ ...policy, key: 'probed' }, { panel });
      const running = new Int32Array(new SharedArrayBuffer(4));
      const told: string[] = [];
      let most = 0;
      for (let round = 0; round < 3; round++) {
        breaker.acquire().fail(new Error('down'));
        clock.move(1_000);
        const gate = new StartingGate();
        const work = { buffer: panel.buffer, time: clock.cells, running, key: 'probed', policy };
        const done = crew.slice(0, 4).map((hand) =>
          hand.ask<{ most: number; told: string[] }>('probe', {
            ...work,
            gate: gate.cells,
            spread: 5,
            isAsync,
          }),
        );
        await gate.open(4);
        for (const seen of await Promise.all(done)) {
          most = Math.max(most, seen.most);
          told.push(...seen.told);
        }
        expect(breaker.state).toBe('closed');
        expect([...told].sort()).toEqual(
          [...told.keys()].map((i) => (i < told.length / 2 ? 'closed' : 'half-open')),
        );
        expect(told).toHaveLength(2 * (round + 1));
      }
      expect(Atomics.load(running, 0)).toBe(0);
      expect(most).toBeLessThanOrEqual(permits);
      expect(most).toBeGreaterThan(0);
    },
  );
});
