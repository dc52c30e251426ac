import { beforeAll, describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy, circuits, Panel } from '@switchgear/core';
import {
  countWindowCells,
  countWindowTotals,
  FAILED,
  recordInCountWindow,
  ringSlots,
} from '../../src/circuit/machine/count-window.js';
import { SharedMemory } from '../../src/panel/memory.js';
import { type Hand, hire, StartingGate } from '../support/hand.js';
import { SharedClock } from '../support/shared-clock.js';

let crew: readonly Hand[];

beforeAll(() => {
  crew = hire(10, 'hammer-worker.mjs');
});

/** So many workers, and the main thread besides, make so many calls each at the same time. */
async function hammer(
  workers: number,
  key: string,
  policy: CircuitBreakerPolicy,
  { failures, successes }: { failures: number; successes: number },
): Promise<CircuitBreaker> {
  const breaker = circuits.get(key, policy);
  const gate = new StartingGate();
  const work = { key, policy, gate: gate.cells, failures, successes };
  const done = crew.slice(0, workers).map((hand) => hand.ask('hammer', work));
  await gate.open(workers);
  for (let i = 0; i < Math.max(failures, successes); i++) {
    if (i < failures) breaker.tryCall(fails);
    if (i < successes) breaker.tryCall(succeeds);
  }
  await Promise.all(done);
  return breaker;
}

const fails = (): never => {
  throw 'down';
};
const succeeds = (): string => 'fine';

describe.each([2, 4, 10])('%i workers and the main thread that hammer one circuit', (workers) => {
  const threads = workers + 1;

  it('add up their consecutive failures to the last one', async () => {
    const policy = { failureThreshold: 1_000_000 };
    const breaker = await hammer(workers, `failures-${workers}`, policy, { failures: 5_000, successes: 0 });
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 5_000 * threads });
    breaker.tryCall(succeeds);
    expect(breaker.snapshot().failures).toBe(0);
  });

  it('fill a window of calls with every outcome of theirs', async () => {
    const policy = { window: { calls: 10_000, minimumCalls: 10_000, failureRate: 1 } };
    const each = { failures: 50, successes: 350 };
    const breaker = await hammer(workers, `calls-${workers}`, policy, each);
    expect(breaker.snapshot()).toMatchObject({
      state: 'closed',
      window: { calls: 400 * threads, failures: 50 * threads, slow: 0, failureRate: 0.125 },
    });
  });

  it('fill a window of time with every outcome of theirs', async () => {
    const policy = { window: { duration: '1h', minimumCalls: 1_000_000 } } as const;
    const each = { failures: 1_000, successes: 4_000 };
    const breaker = await hammer(workers, `time-${workers}`, policy, each);
    expect(breaker.snapshot()).toMatchObject({
      state: 'closed',
      window: { calls: 5_000 * threads, failures: 1_000 * threads, slow: 0, failureRate: 0.2 },
    });
  });
});

describe('threads that hammer one circuit', () => {
  it('open it with the failure that makes the threshold full, and with no other', async () => {
    const policy = { failureThreshold: 20_001, resetTimeout: '1h' } as const;
    const breaker = await hammer(3, 'one-short', policy, { failures: 5_000, successes: 0 });
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 20_000 });
    breaker.tryCall(fails);
    expect(breaker.state).toBe('open');
  });

  // A small window turns over so fast that a thread held up for a moment comes back many rounds late.
  it.each([32, 100])('leave nothing in a window of %i calls but the last of them', async (calls) => {
    const policy = { window: { calls, minimumCalls: calls, failureRate: 1 } };
    const breaker = await hammer(4, `last-${calls}`, policy, { failures: 2_500, successes: 2_500 });
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', window: { calls } });
    for (let i = 0; i < calls; i++) breaker.tryCall(succeeds);
    expect(breaker.snapshot().window).toMatchObject({ calls, failures: 0 });
    breaker.tryCall(fails);
    expect(breaker.snapshot().window).toMatchObject({ calls, failures: 1 });
  });

  it.each([
    ['calls', { calls: 10_000, minimumCalls: 10_000, slowRate: 1 }],
    ['time', { duration: '1h', minimumCalls: 1_000_000, slowRate: 1 }],
  ] as const)('are told apart by their slow calls in a window of %s', async (_what, window) => {
    const policy = { key: 'slow', slowCallDuration: 10, window } as const;
    const panel = new Panel({ circuits: 50, clock: new SharedClock() });
    const breaker = new CircuitBreaker(policy, { panel });
    const gate = new StartingGate();
    const work = { buffer: panel.buffer, policy, gate: gate.cells, fast: 1_000, slow: 500 };
    const done = crew.slice(0, 4).map((hand) => hand.ask('hammerSlowly', work));
    await gate.open(4);
    await Promise.all(done);
    expect(breaker.snapshot()).toMatchObject({
      state: 'closed',
      window: { calls: 6_000, failures: 0, slow: 2_000 },
    });
  });
});

describe('a thread that is held up while it records an outcome', () => {
  // At millions of calls a second, this many go by while the system gives a thread's core to another for some ms.
  it.each([1, 511, 512, 1_000, 1_500])(
    'and comes back when its window has turned over %i times spoils none of what came after',
    (laps) => {
      const window = { calls: 8, slots: ringSlots(8) };
      const memory = new HoldingMemory(new SharedArrayBuffer(countWindowCells(window) * 4));
      const record = (outcome: number): void => recordInCountWindow(memory, 0, window, 1, outcome);
      memory.hold(() => {
        for (let i = 0; i < laps * window.slots; i++) record(FAILED);
      });
      record(FAILED);
      for (let i = 0; i < window.calls; i++) record(FAILED);
      for (let i = 0; i < window.calls; i++) record(0);
      expect(countWindowTotals(memory, 0, window, 1)).toEqual({ calls: 8, failures: 0, slow: 0 });
    },
  );
});

/** Lets other things happen right after a thread has taken its number. */
class HoldingMemory extends SharedMemory {
  #meanwhile: (() => void) | undefined;

  hold(meanwhile: () => void): void {
    this.#meanwhile = meanwhile;
  }

  override add(at: number, amount: number): number {
    const number = super.add(at, amount);
    const meanwhile = this.#meanwhile;
    this.#meanwhile = undefined;
    meanwhile?.();
    return number;
  }
}
