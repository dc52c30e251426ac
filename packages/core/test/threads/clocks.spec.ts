import { beforeAll, describe, expect, it } from '@jest/globals';
import { circuits } from '@switchgear/core';
import { systemClock } from '../../src/time/clock.js';
import { Hand, until } from '../support/hand.js';

const honest = { how: 'as it is', load: 'load' } as const;
const tampered = { how: 'with Date, performance and hrtime tampered with', load: 'loadTampered' } as const;

describe.each([honest, tampered])('the clock of a worker, $how,', ({ load }) => {
  let worker: Hand;

  beforeAll(async () => {
    worker = new Hand('clock-worker.mjs');
    await worker.ask(load);
  });

  it('never runs behind or ahead of the main thread’s', async () => {
    const rounds = 100;
    const turn = new Int32Array(new SharedArrayBuffer(4));
    const times = new Float64Array(new SharedArrayBuffer(8));
    const done = worker.ask('pong', { turn, times, rounds });
    const wrong: unknown[] = [];
    for (let i = 0; i < rounds; i++) {
      const asked = systemClock.now();
      Atomics.store(turn, 0, 2 * i + 1);
      while (Atomics.load(turn, 0) !== 2 * i + 2);
      const answered = systemClock.now();
      if (!(asked <= times[0] && times[0] <= answered)) wrong.push({ asked, theirs: times[0], answered });
    }
    await done;
    expect(wrong).toEqual([]);
  });

  it('lets the main thread probe a circuit that the worker opened when it is due, and not before', async () => {
    const key = `due-${load}`;
    const policy = {
      failureThreshold: 1,
      successThreshold: 1,
      resetTimeout: 50,
      halfOpen: { permitTimeout: '1h' },
    } as const;
    const breaker = circuits.get(key, policy);
    const [before, after] = await worker.ask<[number, number]>('open', key, policy);
    let lastRefusedAt = -Infinity;
    await until(() => {
      const now = systemClock.now();
      const { status } = breaker.tryCall(() => 'fine');
      if (status === 'refused') lastRefusedAt = now;
      return status !== 'refused';
    });
    const admittedAt = systemClock.now();
    expect(breaker.state).toBe('closed');
    // The panel counts in whole milliseconds: a deadline may be early by less than one.
    expect(admittedAt).toBeGreaterThan(before + 49);
    expect(lastRefusedAt).toBeLessThan(after + 50);
  });

  it('says when the circuit opened, and for how long it stays so, as the main thread’s does', async () => {
    const key = `opened-at-${load}`;
    const policy = { failureThreshold: 1, resetTimeout: '1h' } as const;
    const breaker = circuits.get(key, policy);
    const earliest = Date.now();
    await worker.ask('open', key, policy);
    const { openedAt, retryAfter } = breaker.snapshot();
    expect(openedAt).toBeGreaterThanOrEqual(earliest - 2);
    expect(openedAt).toBeLessThanOrEqual(Date.now() + 2);
    expect(retryAfter).toBeGreaterThan(3_500_000);
    expect(retryAfter).toBeLessThanOrEqual(3_600_000);
  });
});
