import { describe, expect, it } from '@jest/globals';
import type { CircuitBreakerPolicy, TimeWindowPolicy } from '@switchgear/core';
import fc from 'fast-check';
import { admits, fail, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';

const HOUR = 3_600_000;

const windowed = (window: TimeWindowPolicy, policy: CircuitBreakerPolicy = {}) =>
  circuit({ ...policy, window });

describe('a window of time', () => {
  it('opens at the failure rate', () => {
    const { breaker } = windowed({ duration: '10s', minimumCalls: 4, failureRate: 0.5 });
    succeed(breaker, 2);
    fail(breaker, 2);
    expect(breaker.state).toBe('open');
  });

  it('stays closed below the failure rate', () => {
    const { breaker } = windowed({ duration: '10s', minimumCalls: 4, failureRate: 0.5 });
    succeed(breaker, 3);
    fail(breaker, 2);
    expect(breaker.state).toBe('closed');
  });

  it('needs twenty calls unless told otherwise', () => {
    const { breaker } = windowed({ duration: '10s' });
    fail(breaker, 19);
    const before = breaker.state;
    fail(breaker);
    expect([before, breaker.state]).toEqual(['closed', 'open']);
  });

  it('opens where all calls fail and the rate is 1', () => {
    const { breaker } = windowed({ duration: '10s', minimumCalls: 5, failureRate: 1 });
    fail(breaker, 5);
    expect(breaker.state).toBe('open');
  });

  it('stays closed where one succeeds and the rate is 1', () => {
    const { breaker } = windowed({ duration: '10s', minimumCalls: 5, failureRate: 1 });
    succeed(breaker);
    fail(breaker, 20);
    expect(breaker.state).toBe('closed');
  });

  it('opens with the rate 1 once the success is too old', () => {
    const { breaker, clock } = windowed({ duration: '10s', minimumCalls: 5, failureRate: 1 });
    succeed(breaker);
    clock.advance(10_000);
    fail(breaker, 5);
    expect(breaker.state).toBe('open');
  });

  it('counts what is younger than nine tenths of it', () => {
    const { breaker, clock } = windowed({ duration: 1_000 });
    fail(breaker);
    clock.advance(900);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 1 });
  });

  it('does not count what is as old as itself', () => {
    const { breaker, clock } = windowed({ duration: 1_000 });
    fail(breaker);
    clock.advance(1_000);
    expect(breaker.snapshot().window).toMatchObject({ calls: 0, failures: 0 });
  });

  it('does not let failures of hours ago open it at the first call after silence', () => {
    const { breaker, clock } = windowed({ duration: '10s', minimumCalls: 5 });
    fail(breaker, 4);
    clock.advance(3 * HOUR);
    fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('counts the first call after silence alone', () => {
    const { breaker, clock } = windowed({ duration: '10s' });
    fail(breaker, 4);
    clock.advance(3 * HOUR);
    fail(breaker);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 1 });
  });

  it('counts nothing of an earlier lap that ended at the same place of it', () => {
    const { breaker, clock } = windowed({ duration: 1_000 });
    fail(breaker);
    clock.advance(7_000);
    succeed(breaker);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 0 });
  });

  it('forgets bit by bit as time goes on', () => {
    const { breaker, clock } = windowed({ duration: 1_000 });
    for (let i = 0; i < 10; i++) {
      succeed(breaker);
      clock.advance(100);
    }
    const counted = () => breaker.snapshot().window?.calls;
    const before = counted();
    clock.advance(400);
    expect([before, counted()]).toEqual([9, 5]);
  });

  it('is judged by what is in it at the failure', () => {
    const { breaker, clock } = windowed({ duration: 1_000, minimumCalls: 4 });
    fail(breaker, 3);
    clock.advance(1_000);
    fail(breaker, 3);
    expect(breaker.state).toBe('closed');
  });

  it('takes in a call when it ends, not when it begins', async () => {
    const { breaker, clock } = windowed({ duration: 1_000 });
    const call = startCall(breaker);
    clock.advance(10_000);
    await call.fail();
    expect(breaker.snapshot().window).toMatchObject({ calls: 1 });
  });

  it('does not open at failures in a row by itself', () => {
    const { breaker } = windowed({ duration: '10s', minimumCalls: 100 });
    fail(breaker, 99);
    expect(breaker.state).toBe('closed');
  });

  it('opens at failures in a row if the policy says so as well', () => {
    const { breaker } = windowed({ duration: '10s' }, { failureThreshold: 3 });
    fail(breaker, 3);
    expect(breaker.state).toBe('open');
  });

  it('opens at the slow rate', () => {
    const { breaker, clock } = windowed(
      { duration: '10s', minimumCalls: 4, slowRate: 0.5 },
      { slowCallDuration: 100 },
    );
    succeed(breaker, 2);
    for (let i = 0; i < 2; i++) breaker.call(() => clock.advance(101));
    expect(breaker.state).toBe('open');
  });

  it('is empty once the circuit has closed again', () => {
    const { breaker, clock } = windowed({ duration: '1h', minimumCalls: 2 }, { resetTimeout: 100 });
    fail(breaker, 2);
    clock.advance(100);
    succeed(breaker, 2);
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', window: { calls: 0 } });
  });

  it('is empty after a reset', () => {
    const { breaker } = windowed({ duration: '1h' });
    fail(breaker, 2);
    breaker.reset();
    expect(breaker.snapshot().window).toMatchObject({ calls: 0 });
  });

  it('admits calls after it has been idle for years', () => {
    const { breaker, clock } = windowed({ duration: 10 });
    clock.advance(3 * 365 * 24 * HOUR);
    expect(admits(breaker)).toBe(true);
  });

  it.each([10, 15, 333, 1_000, '7s', '1h', '1d', '30d', '365d'] as const)(
    'of %s counts all that is younger than nine tenths of it, and nothing older than itself',
    (duration) => {
      const step = fc.record({ wait: fc.double({ min: 0, max: 0.6, noNaN: true }), calls: fc.nat(3) });
      fc.assert(
        fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
          const { breaker, clock } = windowed({ duration, minimumCalls: 1_000_000 });
          const length = lengthOf(duration);
          const ended: number[] = [];
          for (const { wait, calls } of steps) {
            clock.advance(Math.round(wait * length));
            fail(breaker, calls);
            for (let i = 0; i < calls; i++) ended.push(clock.now());
          }
          const younger = (age: number) => ended.filter((at) => clock.now() - at < age).length;
          const counted = breaker.snapshot().window?.calls ?? NaN;
          expect(counted).toBeGreaterThanOrEqual(younger(Math.floor(length * 0.9)));
          expect(counted).toBeLessThanOrEqual(younger(length));
        }),
        { numRuns: 30 },
      );
    },
    30_000,
  );
});

function lengthOf(duration: number | string): number {
  if (typeof duration === 'number') return duration;
  const units: Record<string, number> = { s: 1_000, h: HOUR, d: 24 * HOUR };
  return Number(duration.slice(0, -1)) * (units[duration.slice(-1)] ?? NaN);
}
