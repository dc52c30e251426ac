import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy, Panel, type TransitionEvent } from '@switchgear/core';
import { seededRandom } from '@switchgear/core/testing';
import { Hand, hire, until } from '../support/hand.js';
import { SharedClock } from '../support/shared-clock.js';

const fine = (): string => 'fine';
const fails = (): never => {
  throw 'down';
};

const probedPolicy = {
  key: 'probed',
  failureThreshold: 3,
  successThreshold: 2,
  resetTimeout: 100,
  halfOpen: { permits: 2, permitTimeout: 500 },
};

/** Lets workers loose on circuits and kills them one after the other, each at a moment of its own. */
class Massacre {
  readonly clock = new SharedClock();
  readonly panel = new Panel({ circuits: 100, clock: this.clock });
  /** Begun and ended outcomes of the circuit with a window of time; steps of all. */
  readonly tally = new Int32Array(new SharedArrayBuffer(12));
  readonly #random = seededRandom(2);
  readonly #policies: readonly CircuitBreakerPolicy[];

  constructor(policies: readonly CircuitBreakerPolicy[]) {
    this.#policies = policies;
  }

  async round(): Promise<void> {
    const { clock, panel, tally } = this;
    Atomics.store(tally, 2, 0);
    const victims = hire(4, 'death-worker.cjs');
    for (const victim of victims) {
      const work = { buffer: panel.buffer, time: clock.cells, tally, policies: this.#policies };
      victim.begin('hammerOn', { ...work, seed: Math.floor(this.#random() * 1e9) });
    }
    await until(() => Atomics.load(tally, 2) > 100);
    for (const victim of victims) {
      const end = performance.now() + 2 * this.#random();
      while (performance.now() < end);
      await victim.terminate();
    }
  }
}

describe('a circuit whose threads are killed while they call it', () => {
  it('can always be probed, closed and opened by the one that is left', async () => {
    const massacre = new Massacre([
      probedPolicy,
      { key: 'unused', window: { calls: 10_000, minimumCalls: 10_000, failureRate: 1 } },
      { key: 'unused too', window: { duration: '1h', minimumCalls: 1_000_000 } },
    ]);
    const { clock, panel } = massacre;
    const breaker = new CircuitBreaker(probedPolicy, { panel });
    const heard: TransitionEvent[] = [];
    breaker.subscribe((event) => {
      if (event.type === 'transition') heard.push(event);
    });
    const statuses = (calls: number, fn: () => string): string[] =>
      Array.from({ length: calls }, () => breaker.tryCall(fn).status);
    for (let round = 0; round < 6; round++) {
      await massacre.round();
      // Whatever permits the dead have taken with them has expired by then, and what they opened is due.
      clock.move(1_000);
      expect(statuses(2, fine)).toEqual(['succeeded', 'succeeded']);
      expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 0 });
      expect(statuses(3, fails)).toEqual(['failed', 'failed', 'failed']);
      expect(breaker.state).toBe('open');
      expect(statuses(1, fine)).toEqual(['refused']);
      clock.move(100);
      expect(statuses(2, fine)).toEqual(['succeeded', 'succeeded']);
      expect(breaker.state).toBe('closed');
      const { generation } = breaker.snapshot();
      await until(() => heard.at(-1)?.generation === generation);
      expect(heard.at(-1)?.to).toBe('closed');
    }
  });

  it('has a window that they do not make drift', async () => {
    const byCalls = { key: 'calls', window: { calls: 200, minimumCalls: 200, failureRate: 1 } };
    const byTime = { key: 'time', window: { duration: '1h', minimumCalls: 1_000_000 } } as const;
    const massacre = new Massacre([probedPolicy, byCalls, byTime]);
    const { panel, tally } = massacre;
    const [calls, time] = [byCalls, byTime].map((policy) => new CircuitBreaker(policy, { panel }));
    for (let round = 0; round < 4; round++) {
      await massacre.round();
      for (let i = 0; i < 200; i++) calls.tryCall(i < 30 ? fails : fine);
      expect(calls.snapshot().window).toMatchObject({ calls: 200, failures: 30 });
      const counted = time.snapshot().window?.calls ?? 0;
      // A thread that dies between the two may have counted its last outcome or not.
      expect(counted).toBeGreaterThanOrEqual(Atomics.load(tally, 1));
      expect(counted).toBeLessThanOrEqual(Atomics.load(tally, 0));
    }
    expect(Atomics.load(tally, 0) - Atomics.load(tally, 1)).toBeLessThanOrEqual(16);
  });

  it('gets the permits they died with back when these expire', async () => {
    const clock = new SharedClock();
    const panel = new Panel({ circuits: 100, clock });
    const breaker = new CircuitBreaker(probedPolicy, { panel });
    for (let i = 0; i < 3; i++) breaker.tryCall(fails);
    clock.move(100);
    const worker = new Hand('death-worker.cjs');
    const work = { buffer: panel.buffer, time: clock.cells, policy: probedPolicy, permits: 2 };
    expect(await worker.ask('takePermits', work)).toBe(2);
    await worker.terminate();
    expect(breaker.tryCall(fine).status).toBe('refused');
    expect(breaker.explain()).toMatchObject({ admits: false, reason: 'probing-full', retryAfter: 500 });
    clock.move(499);
    expect(breaker.tryCall(fine).status).toBe('refused');
    expect(breaker.state).toBe('half-open');
    clock.move(1);
    // A probe that outlives its permit has failed: the circuit opens once more, as of then.
    expect(breaker.tryCall(fine).status).toBe('refused');
    expect(breaker.snapshot()).toMatchObject({ state: 'open', retryAfter: 100 });
    clock.move(100);
    expect(breaker.tryCall(fine).status).toBe('succeeded');
    expect(breaker.tryCall(fine).status).toBe('succeeded');
    expect(breaker.state).toBe('closed');
  });

  it('lets a probe through at once after a silence in which their permits expired', async () => {
    const clock = new SharedClock();
    const panel = new Panel({ circuits: 100, clock });
    const breaker = new CircuitBreaker(probedPolicy, { panel });
    for (let i = 0; i < 3; i++) breaker.tryCall(fails);
    clock.move(100);
    const worker = new Hand('death-worker.cjs');
    const work = { buffer: panel.buffer, time: clock.cells, policy: probedPolicy, permits: 1 };
    await worker.ask('takePermits', work);
    await worker.terminate();
    clock.move(600);
    expect(breaker.tryCall(fine).status).toBe('succeeded');
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', successes: 1 });
  });
});
