import { describe, expect, it } from '@jest/globals';
import { admits, broken, fail, ok } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heard } from '../../support/listening.js';
import { openCircuit } from '../../support/openings.js';

describe('an open circuit', () => {
  it('refuses calls', () => {
    const { breaker } = openCircuit();
    expect(() => breaker.call(ok)).toThrow(expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' }));
  });

  it('does not call the function', () => {
    const { breaker } = openCircuit();
    let calls = 0;
    breaker.tryCall(() => calls++);
    expect(calls).toBe(0);
  });

  it('refuses until the last millisecond before the deadline', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(99);
    expect(admits(breaker)).toBe(false);
  });

  it('lets the first call at the deadline through as a probe', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(100);
    const states: string[] = [];
    breaker.call(() => states.push(breaker.state));
    expect(states).toEqual(['half-open']);
  });

  it('lets the first call long after the deadline through as a probe', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(1_000_000);
    expect(admits(breaker)).toBe(true);
  });

  it('stays open past the deadline until a call comes', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(100);
    expect(breaker.state).toBe('open');
  });

  it('is open for sixty seconds unless told otherwise', () => {
    const { breaker } = circuit({ failureThreshold: 1 });
    fail(breaker);
    expect(breaker.snapshot().retryAfter).toBe(60_000);
  });

  it('is not kept open for longer by the calls it refuses', () => {
    const { breaker, clock } = openCircuit();
    for (let i = 0; i < 99; i++) {
      clock.advance(1);
      breaker.tryCall(broken);
    }
    clock.advance(1);
    expect(admits(breaker)).toBe(true);
  });

  it('tells listeners of each refusal', () => {
    const { breaker, clock } = openCircuit({ key: 'geo' });
    const refusals = heard(breaker, 'refusal');
    clock.advance(40);
    breaker.tryCall(ok);
    expect(refusals).toEqual([expect.objectContaining({ circuit: 'geo', state: 'open', retryAfter: 60 })]);
  });

  it('is closed by a reset', () => {
    const { breaker } = openCircuit();
    breaker.reset();
    expect(breaker.state).toBe('closed');
  });

  it('admits calls at once after a reset', () => {
    const { breaker } = openCircuit();
    breaker.reset();
    expect(admits(breaker)).toBe(true);
  });
});
