import { describe, expect, it } from '@jest/globals';
import type { CircuitBreakerPolicy } from '@switchgear/core';
import { fail, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';

type Backoff = Exclude<CircuitBreakerPolicy['resetTimeout'], number | string | undefined>;

const growing = (resetTimeout: Backoff, policy: CircuitBreakerPolicy = {}) =>
  circuit({ failureThreshold: 1, resetTimeout, ...policy });

/** How long the circuit is open, each time that its probe fails. */
function openings({ breaker, clock }: ReturnType<typeof circuit>, count: number): number[] {
  return Array.from({ length: count }, () => {
    fail(breaker);
    const wait = breaker.snapshot().retryAfter ?? NaN;
    clock.advance(wait);
    return wait;
  });
}

describe('a reset timeout that grows', () => {
  it('starts with its initial delay and doubles with each failed probe, unless told otherwise', () => {
    expect(openings(growing({ initialDelay: 100 }), 4)).toEqual([100, 200, 400, 800]);
  });

  it('grows by its factor', () => {
    expect(openings(growing({ initialDelay: 100, factor: 3 }), 3)).toEqual([100, 300, 900]);
  });

  it('may stand still', () => {
    expect(openings(growing({ initialDelay: 100, factor: 1 }), 3)).toEqual([100, 100, 100]);
  });

  it('never exceeds maxDelay', () => {
    expect(openings(growing({ initialDelay: 100, maxDelay: 350 }), 4)).toEqual([100, 200, 350, 350]);
  });

  it('never exceeds ten times its initial delay unless told otherwise', () => {
    expect(openings(growing({ initialDelay: 100 }), 6).slice(3)).toEqual([800, 1_000, 1_000]);
  });

  it('holds on at its longest, however often probes fail', () => {
    expect(openings(growing({ initialDelay: 100 }), 100).at(-1)).toBe(1_000);
  });

  it('stops growing after fifteen failed probes in a row', () => {
    const slowly = growing({ initialDelay: 1_000, factor: 1.1, maxDelay: 60_000 });
    expect(openings(slowly, 60).at(-1)).toBe(Math.round(1_000 * 1.1 ** 15));
  });

  it('starts over once the circuit has closed', () => {
    const made = growing({ initialDelay: 100 });
    openings(made, 3);
    succeed(made.breaker, 2);
    expect(openings(made, 2)).toEqual([100, 200]);
  });

  it('starts over after a reset', () => {
    const made = growing({ initialDelay: 100 });
    openings(made, 3);
    made.breaker.reset();
    expect(openings(made, 1)).toEqual([100]);
  });

  it('does not start over with a probe that succeeded alone', () => {
    const made = growing({ initialDelay: 100 });
    openings(made, 2);
    succeed(made.breaker);
    expect(openings(made, 1)).toEqual([400]);
  });

  it('grows with an expired probe', () => {
    const { breaker, clock } = growing({ initialDelay: 100 }, { halfOpen: { permitTimeout: 10 } });
    fail(breaker);
    clock.advance(100);
    startCall(breaker);
    clock.advance(10);
    succeed(breaker);
    expect(breaker.snapshot().retryAfter).toBe(200);
  });

  it('takes durations as text', () => {
    expect(openings(growing({ initialDelay: '1s', maxDelay: '3s' }), 3)).toEqual([1_000, 2_000, 3_000]);
  });
});
