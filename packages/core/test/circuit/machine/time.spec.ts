import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CircuitBreaker } from '@switchgear/core';
import { admits, fail, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { BRITTLE, LASTING, openCircuit, probingCircuit } from '../../support/openings.js';

// Rules 4 and 5: deadlines, monotonic time, no timers.

const YEAR = 365 * 86_400_000;

describe('the deadline of an open circuit', () => {
  it.each([
    ['a number of milliseconds', 250, 250],
    ['a text', '2s', 2_000],
    ['a text with a fraction', '1.5m', 90_000],
    ['a year', '365d', YEAR],
    ['a millisecond', 1, 1],
  ] as const)('is as far away as %s says', (_, resetTimeout, ms) => {
    const { breaker, clock } = openCircuit({ resetTimeout });
    clock.advance(ms - 1);
    const before = admits(breaker);
    clock.advance(1);
    expect([before, admits(breaker)]).toEqual([false, true]);
  });

  it('is the same for every breaker of the key', () => {
    const policy = { ...BRITTLE, key: 'geo' };
    const { clock, another } = openCircuit(policy);
    clock.advance(60);
    expect(another(policy).snapshot().retryAfter).toBe(40);
  });
});

describe('a wall clock that is set', () => {
  const setWallClock = (by: number): void => {
    jest.useFakeTimers({ now: Date.now() + by });
  };

  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    ['forward', YEAR],
    ['back', -YEAR],
  ])('%s a year keeps an open circuit of the system clock open', (_, by) => {
    const breaker = new CircuitBreaker(LASTING);
    breaker.reset();
    fail(breaker);
    setWallClock(by);
    expect(breaker.explain().retryAfter).toBeGreaterThan(0);
  });

  it.each([
    ['forward', YEAR],
    ['back', -YEAR],
  ])('%s a year keeps the deadline where it was', (_, by) => {
    const { breaker, clock } = openCircuit();
    setWallClock(by);
    clock.advance(99);
    const before = admits(breaker);
    clock.advance(1);
    expect([before, admits(breaker)]).toEqual([false, true]);
  });

  it('back a year leaves the time of opening where it was', () => {
    const { breaker } = openCircuit();
    const { openedAt } = breaker.snapshot();
    setWallClock(-YEAR);
    expect(breaker.snapshot().openedAt).toBe(openedAt);
  });

  it('back a year leaves what a time window counts', () => {
    const { breaker } = circuit({ window: { duration: 100 } });
    fail(breaker);
    setWallClock(-YEAR);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1 });
  });
});

describe('a circuit that was idle for a year', () => {
  it('probes, if it was open', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(YEAR);
    expect(admits(breaker)).toBe(true);
  });

  it('closes by probes, if it was open', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(YEAR);
    succeed(breaker, 2);
    expect(breaker.state).toBe('closed');
  });

  it('opens, if it was closed', () => {
    const { breaker, clock } = circuit(BRITTLE);
    clock.advance(YEAR);
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('is open for as long as ever', () => {
    const { breaker, clock } = circuit(BRITTLE);
    clock.advance(YEAR);
    fail(breaker);
    clock.advance(99);
    const before = admits(breaker);
    clock.advance(1);
    expect([before, admits(breaker)]).toEqual([false, true]);
  });

  it('has its permits, if it was half-open and its probes were lost', () => {
    const { breaker, clock } = probingCircuit();
    startCall(breaker);
    startCall(breaker);
    clock.advance(YEAR);
    expect(admits(breaker)).toBe(true);
  });

  it('still knows when it opened', () => {
    const { breaker, clock } = openCircuit();
    const { openedAt } = breaker.snapshot();
    clock.advance(YEAR);
    expect(breaker.snapshot().openedAt).toBe(openedAt);
  });

  it('counts in its time window', () => {
    const { breaker, clock } = circuit({ window: { duration: '10s' } });
    fail(breaker);
    clock.advance(YEAR);
    fail(breaker);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 1 });
  });
});

describe('timers', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  it('are none while a circuit is closed, open or half-open', () => {
    const before = timers();
    const { breaker, clock } = circuit({ ...BRITTLE, window: { duration: '10s' } });
    const during: number[] = [];
    const look = () => during.push(timers());
    succeed(breaker);
    look();
    fail(breaker);
    look();
    clock.advance(100);
    startCall(breaker);
    look();
    expect(during).toEqual([before, before, before]);
  });

  it('and listeners keep no process alive', () => {
    const core = join(import.meta.dirname, '../../../dist/esm/index.js');
    const program = `
      import { circuits, CircuitBreaker } from ${JSON.stringify(core)};
      const policy = { failureThreshold: 1, resetTimeout: '1h', halfOpen: { permitTimeout: '1h' } };
      circuits.subscribe(() => {});
      const named = circuits.get('geo', policy);
      const unnamed = new CircuitBreaker({ ...policy, resetTimeout: 1 });
      for (const breaker of [named, unnamed]) {
        breaker.subscribe(() => {});
        breaker.tryCall(() => { throw new Error('down'); });
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      unnamed.tryCall(() => new Promise(() => {})); // a probe that hangs
      unnamed.acquire();
      console.log(named.state, unnamed.state);
    `;
    const { stdout, status, signal } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { encoding: 'utf8', timeout: 10_000 },
    );
    expect({ stdout, status, signal }).toEqual({ stdout: 'open half-open\n', status: 0, signal: null });
  });
});
