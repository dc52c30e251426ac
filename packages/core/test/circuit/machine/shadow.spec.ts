import { describe, expect, it } from '@jest/globals';
import type { CircuitBreakerPolicy } from '@switchgear/core';
import { admits, fail, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heard } from '../../support/listening.js';
import { BRITTLE, openCircuit } from '../../support/openings.js';

const shadowed = (policy: CircuitBreakerPolicy = BRITTLE) => {
  const made = circuit(policy);
  made.breaker.force('shadow');
  return made;
};

describe('a shadow circuit', () => {
  it('says so', () => {
    expect(shadowed().breaker.state).toBe('shadow');
  });

  it('starts as if closed, although it was open', () => {
    const { breaker } = openCircuit();
    breaker.force('shadow');
    expect(breaker.snapshot().shadow).toBe('closed');
  });

  it('would open where a circuit opens', () => {
    const { breaker } = shadowed();
    fail(breaker);
    expect(breaker.snapshot()).toMatchObject({ state: 'shadow', shadow: 'open' });
  });

  it('admits calls where it would be open', () => {
    const { breaker } = shadowed();
    fail(breaker);
    expect(admits(breaker)).toBe(true);
  });

  it('reports that it would have opened', () => {
    const { breaker } = shadowed();
    const transitions = heard(breaker, 'transition');
    fail(breaker);
    expect(transitions).toEqual([
      expect.objectContaining({ from: 'closed', to: 'open', shadow: true, failures: 1 }),
    ]);
  });

  it('reports no refusals, for there are none', () => {
    const { breaker } = shadowed();
    fail(breaker);
    const refusals = heard(breaker, 'refusal');
    succeed(breaker, 3);
    expect(refusals).toEqual([]);
  });

  it('does not count calls that it would have refused', () => {
    const { breaker, clock } = shadowed();
    fail(breaker);
    const { openedAt } = breaker.snapshot();
    clock.advance(50);
    fail(breaker, 10);
    expect(breaker.snapshot().openedAt).toBe(openedAt);
  });

  it('would probe after the deadline', () => {
    const { breaker, clock } = shadowed();
    fail(breaker);
    clock.advance(100);
    succeed(breaker);
    expect(breaker.snapshot().shadow).toBe('half-open');
  });

  it('would close after enough probes', () => {
    const { breaker, clock } = shadowed();
    fail(breaker);
    clock.advance(100);
    succeed(breaker, 2);
    expect(breaker.snapshot().shadow).toBe('closed');
  });

  it('would reopen after a failed probe', () => {
    const { breaker, clock } = shadowed();
    fail(breaker);
    clock.advance(100);
    fail(breaker);
    expect(breaker.snapshot()).toMatchObject({ shadow: 'open', successes: 0 });
  });

  it('admits more calls than it has permits where it would be half-open', () => {
    const { breaker, clock } = shadowed({ ...BRITTLE, halfOpen: { permits: 1 } });
    fail(breaker);
    clock.advance(100);
    const calls = Array.from({ length: 4 }, () => startCall(breaker));
    expect(calls.every(({ admitted }) => admitted)).toBe(true);
  });

  it('counts the outcomes of those alone that would have been probes', async () => {
    const { breaker, clock } = shadowed({ ...BRITTLE, halfOpen: { permits: 1 } });
    fail(breaker);
    clock.advance(100);
    const [, beyond] = [startCall(breaker), startCall(breaker)];
    await beyond.fail();
    expect(breaker.snapshot().shadow).toBe('half-open');
  });

  it('is closed when it is handed back, although it would be open', () => {
    const { breaker } = shadowed();
    fail(breaker);
    breaker.force('auto');
    expect(breaker.state).toBe('closed');
  });

  it('starts from nothing when it is handed back', () => {
    const { breaker } = shadowed({ failureThreshold: 2 });
    fail(breaker);
    breaker.force('auto');
    fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('judges by a window as well', () => {
    const { breaker } = shadowed({ window: { calls: 4 } });
    succeed(breaker, 2);
    fail(breaker, 2);
    expect(breaker.snapshot().shadow).toBe('open');
  });
});
