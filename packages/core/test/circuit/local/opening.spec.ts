import { describe, expect, it } from '@jest/globals';
import type { CircuitBreakerPolicy } from '@switchgear/core';
import { fail, failWith, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heard } from '../../support/listening.js';
import { BRITTLE, openCircuit, probingCircuit } from '../../support/openings.js';

describe('what opened a circuit', () => {
  it('is not there while it is closed', () => {
    const { breaker } = circuit();
    fail(breaker);
    expect(breaker.snapshot().opening).toBeUndefined();
  });

  it('by failures in a row says how many, and the last of them', () => {
    const { breaker } = circuit({ failureThreshold: 3 });
    const error = new Error('the last straw');
    succeed(breaker);
    fail(breaker, 2);
    failWith(breaker, error);
    expect(breaker.snapshot().opening).toEqual({
      at: breaker.snapshot().openedAt,
      by: 'failures',
      failures: 3,
      calls: 3,
      failureRate: 1,
      slowRate: 0,
      cause: error,
      thread: 0,
    });
  });

  it('by the rate of failures says what the window held', () => {
    const { breaker } = circuit({ window: { calls: 10, minimumCalls: 5, failureRate: 0.6 } });
    succeed(breaker, 2);
    fail(breaker, 3);
    expect(breaker.snapshot().opening).toMatchObject({
      by: 'failure-rate',
      failures: 3,
      calls: 5,
      failureRate: 0.6,
      slowRate: 0,
    });
  });

  it('by the rate of slow calls says how many were slow', () => {
    const policy: CircuitBreakerPolicy = { window: { calls: 4, slowRate: 0.5 }, slowCallDuration: 10 };
    const { breaker, clock } = circuit(policy);
    succeed(breaker, 3);
    breaker.call(() => clock.advance(20));
    succeed(breaker);
    breaker.call(() => clock.advance(20));
    expect(breaker.snapshot().opening).toMatchObject({
      by: 'slow-rate',
      failures: 0,
      calls: 4,
      slowRate: 0.5,
    });
  });

  it('by a threshold beside a window is the failures in a row', () => {
    const { breaker } = circuit({ failureThreshold: 2, window: { calls: 10 } });
    succeed(breaker, 4);
    fail(breaker, 2);
    expect(breaker.snapshot().opening).toMatchObject({ by: 'failures', failures: 2, calls: 2 });
  });

  it('by a probe that failed is that failure', () => {
    const { breaker } = probingCircuit();
    const error = new Error('still down');
    failWith(breaker, error);
    expect(breaker.snapshot().opening).toMatchObject({ by: 'probe', failures: 1, cause: error });
  });

  it('by a probe that took too long keeps the cause from before', () => {
    const { breaker, clock } = circuit({ ...BRITTLE, halfOpen: { permits: 1, permitTimeout: 50 } });
    const error = new Error('down');
    failWith(breaker, error);
    clock.advance(100);
    startCall(breaker);
    clock.advance(60);
    breaker.tryCall(() => 'finds the probe expired');
    expect(breaker.snapshot().opening).toMatchObject({ by: 'probe', cause: error });
  });

  it('by an operator has no cause, whatever opened it before', () => {
    const { breaker } = openCircuit();
    breaker.force('open');
    expect(breaker.snapshot().opening).toMatchObject({
      at: expect.any(Number),
      by: 'operator',
      failures: 0,
      calls: 0,
      cause: undefined,
    });
  });

  it('stays readable while the circuit is half-open', () => {
    const { breaker, clock } = openCircuit();
    const { opening } = breaker.snapshot();
    clock.advance(100);
    succeed(breaker);
    expect([breaker.state, breaker.snapshot().opening]).toEqual(['half-open', opening]);
  });

  it('is gone when the circuit has closed', () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    succeed(breaker);
    expect(breaker.snapshot().opening).toBeUndefined();
  });

  it('is known of a shadow, which would have opened', () => {
    const { breaker } = circuit(BRITTLE);
    breaker.force('shadow');
    fail(breaker);
    expect(breaker.snapshot()).toMatchObject({ shadow: 'open', opening: { by: 'failures' } });
  });

  it.each(['closed', 'auto', 'shadow'] as const)('is gone when an operator says %s', (mode) => {
    const { breaker } = circuit(BRITTLE);
    breaker.force('open');
    breaker.force(mode);
    expect(breaker.snapshot().opening).toBeUndefined();
  });
});

describe('the event of an opening', () => {
  it('says the same as the snapshot', () => {
    const { breaker } = circuit(BRITTLE);
    const transitions = heard(breaker, 'transition');
    fail(breaker);
    expect(transitions[0].opening).toEqual(breaker.snapshot().opening);
  });

  it('by an operator says so', () => {
    const { breaker } = circuit(BRITTLE);
    const transitions = heard(breaker, 'transition');
    breaker.force('open');
    expect(transitions[0].opening).toMatchObject({ by: 'operator', thread: 0 });
  });

  it('is the only one that has it', () => {
    const { breaker, clock } = circuit({ ...BRITTLE, successThreshold: 1 });
    const transitions = heard(breaker, 'transition');
    fail(breaker);
    clock.advance(100);
    succeed(breaker);
    expect(transitions.map(({ to, opening }) => [to, opening?.by])).toEqual([
      ['open', 'failures'],
      ['half-open', undefined],
      ['closed', undefined],
    ]);
  });
});

describe('the error of a refusal', () => {
  it('says what opened the circuit, as the snapshot does', () => {
    const { breaker } = openCircuit();
    const outcome = breaker.tryCall(() => 'refused');
    expect(outcome).toMatchObject({ status: 'refused', error: { opening: breaker.snapshot().opening } });
  });

  it('says that an operator did', () => {
    const { breaker } = circuit();
    breaker.force('open');
    expect(breaker.tryCall(() => 'refused')).toMatchObject({ error: { opening: { by: 'operator' } } });
  });
});
