import { describe, expect, it } from '@jest/globals';
import {
  CircuitBreaker,
  type CircuitBreakerPolicy,
  CircuitRegistry,
  circuits,
  Panel,
  withCircuitBreaker,
} from '@switchgear/core';
import { ManualClock, replaceCircuits } from '@switchgear/core/testing';
import { fail, ok, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { BRITTLE } from '../../support/openings.js';

const registered = (policy: CircuitBreakerPolicy = {}) => {
  const clock = new ManualClock(1_000);
  const panel = new Panel({ circuits: 8, memory: 2 ** 18, clock });
  const registry = new CircuitRegistry(panel);
  return { clock, panel, registry, breaker: registry.get('geo', { failureThreshold: 5, ...policy }) };
};

/** The totals of the one circuit there is, without what is 0. */
const totalsOf = ({ registry }: { readonly registry: CircuitRegistry }) => {
  const [{ totals }] = registry.snapshot();
  return Object.fromEntries(Object.entries(totals).filter(([, count]) => count !== 0));
};

describe('circuits.snapshot', () => {
  it('has every circuit that has a key, with what its own snapshot says', () => {
    const { registry, panel, breaker } = registered();
    const maps = registry.get('maps', BRITTLE);
    fail(maps);
    new CircuitBreaker({}, { panel });
    const snapshots = [...registry.snapshot()].sort((one, other) => (one.key < other.key ? -1 : 1));
    expect(snapshots).toEqual([
      expect.objectContaining({ ...breaker.snapshot() }),
      expect.objectContaining({ ...maps.snapshot() }),
    ]);
  });

  it('has the policy, completed, and the line of code that declared it', () => {
    const { registry } = registered({ resetTimeout: '30s', window: { calls: 40 } });
    expect(registry.snapshot()).toMatchObject([
      {
        policy: {
          failureThreshold: 5,
          successThreshold: 2,
          resetTimeout: 30_000,
          window: { calls: 40, minimumCalls: 20, failureRate: 0.5 },
          halfOpen: { permits: 2 },
        },
        declaredAt: expect.stringMatching(/circuits-snapshot\.spec\.ts:\d+/),
      },
    ]);
  });

  it('has the policy of a circuit that no object of this registry knows', () => {
    const { panel } = registered();
    const other = new CircuitRegistry(new Panel({ buffer: panel.buffer, clock: panel.clock }));
    expect(other.snapshot()).toMatchObject([{ key: 'geo', policy: { failureThreshold: 5 } }]);
  });

  it('has no circuit that was removed', () => {
    const { registry } = registered();
    registry.remove('geo');
    expect(registry.snapshot()).toEqual([]);
  });
});

describe('the totals of a circuit', () => {
  it('begin at 0', () => {
    expect(registered().registry.snapshot()[0].totals).toEqual({
      succeeded: 0,
      failed: 0,
      ignored: 0,
      refused: 0,
      slow: 0,
    });
  });

  it('count calls that succeed, fail and are refused', () => {
    const made = registered({ failureThreshold: 3 });
    succeed(made.breaker, 4);
    fail(made.breaker, 3);
    succeed(made.breaker, 2);
    expect(totalsOf(made)).toEqual({ succeeded: 4, failed: 3, refused: 2 });
  });

  it.each<[string, (breaker: CircuitBreaker) => unknown]>([
    ['call', (breaker) => breaker.call(ok)],
    ['wrap', (breaker) => breaker.wrap(ok)()],
    ['tryCall', (breaker) => breaker.tryCall(ok)],
    ['acquire', (breaker) => breaker.acquire().succeed()],
    ['a generator', (breaker) => [...breaker.wrap(function* () {})()]],
  ])('count each call once, by %s', (_, act) => {
    const made = registered();
    for (let i = 0; i < 3; i++) act(made.breaker);
    expect(totalsOf(made)).toEqual({ succeeded: 3 });
  });

  it.each<[string, CircuitBreakerPolicy]>([
    ['a window of calls', { window: { calls: 10 } }],
    ['a window of time', { window: { duration: '10s' } }],
    ['a judge of results', { isFailure: () => false }],
    ['slow calls', { window: { calls: 10 }, slowCallDuration: '1s' }],
  ])('count with %s', (_, policy) => {
    const made = registered(policy);
    for (let i = 0; i < 3; i++) made.breaker.call(ok);
    expect(totalsOf(made)).toEqual({ succeeded: 3 });
  });

  it('count asynchronous calls when they end', async () => {
    const made = registered();
    const calls = [startCall(made.breaker), startCall(made.breaker)];
    expect(totalsOf(made)).toEqual({});
    await calls[0].succeed();
    await calls[1].fail();
    expect(totalsOf(made)).toEqual({ succeeded: 1, failed: 1 });
  });

  it('count what does not count, and permits that are given back', () => {
    const made = registered({ excludedErrors: Error });
    fail(made.breaker, 2);
    made.breaker.acquire().ignore();
    expect(totalsOf(made)).toEqual({ ignored: 3 });
  });

  it('count results that are failures as failed', () => {
    const made = registered({ isFailure: (result) => result === 'ok' });
    succeed(made.breaker);
    expect(totalsOf(made)).toEqual({ failed: 1 });
  });

  it('count slow calls beside what became of them', () => {
    const made = registered({ window: { calls: 10 }, slowCallDuration: 10 });
    made.breaker.call(() => made.clock.advance(20));
    made.breaker.tryCall(() => {
      made.clock.advance(20);
      throw new Error('down');
    });
    expect(totalsOf(made)).toEqual({ succeeded: 1, failed: 1, slow: 2 });
  });

  it('count calls that came too late to move the circuit', async () => {
    const made = registered(BRITTLE);
    const late = startCall(made.breaker);
    fail(made.breaker);
    await late.fail();
    expect(totalsOf(made)).toEqual({ failed: 2 });
  });

  it('count calls of a circuit that an operator holds', () => {
    const made = registered();
    made.breaker.force('closed');
    fail(made.breaker);
    made.breaker.force('open');
    succeed(made.breaker);
    expect(totalsOf(made)).toEqual({ failed: 1, refused: 1 });
  });

  it('do not fall when the circuit closes, or is reset', () => {
    const made = registered({ ...BRITTLE, successThreshold: 1 });
    fail(made.breaker);
    made.clock.advance(100);
    succeed(made.breaker);
    made.breaker.reset();
    expect(totalsOf(made)).toEqual({ failed: 1, succeeded: 1 });
  });

  it('begin anew with a circuit that is made anew', () => {
    const made = registered();
    succeed(made.breaker, 3);
    made.registry.remove('geo');
    succeed(made.breaker);
    expect(totalsOf(made)).toEqual({ succeeded: 1 });
  });

  it('of a circuit without a key are none, and cost no memory', () => {
    const { breaker, panel } = circuit();
    succeed(breaker);
    expect(new CircuitRegistry(panel).snapshot()).toEqual([]);
  });
});

describe('circuits.totals', () => {
  const keyed = (maxCircuits: number) => {
    const restore = replaceCircuits(new Panel({ circuits: 8, clock: new ManualClock(1_000) }));
    const load = withCircuitBreaker({ key: (tenant: string) => `crm:${tenant}`, maxCircuits })(
      (tenant: string) => `loaded ${tenant}`,
    );
    return { load, restore };
  };

  it('have one entry for each line of code that declares circuits', () => {
    const { registry, breaker } = registered();
    succeed(breaker, 2);
    fail(registry.get('maps', { failureThreshold: 5 }));
    expect(registry.totals()).toEqual([
      {
        declaredAt: expect.stringMatching(/circuits-snapshot\.spec\.ts:\d+/),
        all: expect.objectContaining({ succeeded: 2, failed: 0 }),
        others: expect.objectContaining({ succeeded: 0 }),
      },
      expect.objectContaining({ all: expect.objectContaining({ failed: 1 }) }),
    ]);
  });

  it('keep the calls of circuits that made room for others', () => {
    const { load, restore } = keyed(2);
    for (const tenant of ['a', 'b', 'c', 'd', 'e']) for (let i = 0; i < 3; i++) load(tenant);
    const existing = circuits.snapshot().reduce((sum, { totals }) => sum + totals.succeeded, 0);
    expect([existing, circuits.totals()]).toEqual([
      6,
      [
        expect.objectContaining({
          all: expect.objectContaining({ succeeded: 15 }),
          others: expect.objectContaining({ succeeded: 9 }),
        }),
      ],
    ]);
    restore();
  });

  it('begin at 0 again for a key whose circuit was evicted, and lose nothing', () => {
    const { load, restore } = keyed(1);
    for (const tenant of ['a', 'b', 'a']) load(tenant);
    expect(circuits.snapshot()).toMatchObject([{ key: 'crm:a', totals: { succeeded: 1 } }]);
    expect(circuits.totals()).toMatchObject([{ all: { succeeded: 3 }, others: { succeeded: 2 } }]);
    restore();
  });

  it('keep the calls of circuits that were removed', () => {
    const { registry, breaker } = registered();
    succeed(breaker, 3);
    registry.remove('geo');
    expect(registry.totals()).toMatchObject([{ all: { succeeded: 3 }, others: { succeeded: 3 } }]);
    succeed(breaker);
    expect(registry.totals()).toMatchObject([{ all: { succeeded: 4 }, others: { succeeded: 3 } }]);
  });
});
