import { describe, expect, it } from '@jest/globals';
import { type CircuitBreaker, isCircuitBreakerError } from '@switchgear/core';
import { fail, failWith, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heard } from '../../support/listening.js';
import { BRITTLE, openCircuit, probingCircuit } from '../../support/openings.js';

/** The error of the next call, which is refused. */
function refusalOf(breaker: CircuitBreaker) {
  try {
    breaker.acquire();
  } catch (error) {
    if (isCircuitBreakerError(error)) return error;
    throw error;
  }
  throw new Error('the call was not refused');
}

const framesOf = (error: Error): number =>
  error.stack?.split('\n').filter((line) => line.startsWith('    at ')).length ?? 0;

describe('the error of a refusal', () => {
  it('is an Error with a name and a code', () => {
    expect(refusalOf(openCircuit().breaker)).toMatchObject({
      name: 'CircuitBreakerError',
      code: 'ERR_CIRCUIT_OPEN',
    });
  });

  it('is an instance of Error', () => {
    expect(refusalOf(openCircuit().breaker)).toBeInstanceOf(Error);
  });

  it('names the circuit and its state', () => {
    expect(refusalOf(openCircuit({ key: 'geo' }).breaker)).toMatchObject({ circuit: 'geo', state: 'open' });
  });

  it('says when the circuit opened', () => {
    const { breaker } = openCircuit();
    expect(refusalOf(breaker).openedAt).toBe(breaker.snapshot().openedAt);
  });

  it('says how long until a call may be admitted', () => {
    const { breaker, clock } = openCircuit();
    clock.advance(30);
    expect(refusalOf(breaker).retryAfter).toBe(70);
  });

  it('says it in words', () => {
    const { breaker } = openCircuit({ key: 'geo', resetTimeout: '30s' });
    expect(refusalOf(breaker).message).toBe('Circuit "geo" is open: retry after 30s');
  });

  it('says in half-open when the earliest permit expires', () => {
    const { breaker, clock } = probingCircuit({ async: false, halfOpen: { permits: 2, permitTimeout: 80 } });
    startCall(breaker);
    clock.advance(20);
    startCall(breaker);
    clock.advance(20);
    expect(refusalOf(breaker)).toMatchObject({ state: 'half-open', retryAfter: 40 });
  });

  it('says in half-open when the circuit opened', () => {
    const { breaker, clock } = openCircuit({ async: false, halfOpen: { permits: 1 } });
    const { openedAt } = breaker.snapshot();
    clock.advance(100);
    startCall(breaker);
    expect(refusalOf(breaker).openedAt).toBe(openedAt);
  });

  it('names no time to come again where an operator forced it, and says since when', () => {
    const { breaker } = openCircuit();
    breaker.force('open');
    expect(refusalOf(breaker)).toMatchObject({
      state: 'forced-open',
      openedAt: breaker.snapshot().opening?.at,
      retryAfter: undefined,
    });
  });

  it('forges no lines of a log with the name of the circuit', () => {
    expect(refusalOf(openCircuit({ key: 'a\nb' }).breaker).message).not.toContain('\n');
  });
});

describe('the cause of a refusal', () => {
  const cause = new Error('connection refused');

  it('is the failure that opened the circuit, the very same', () => {
    const { breaker } = circuit(BRITTLE);
    failWith(breaker, cause);
    expect(refusalOf(breaker).cause).toBe(cause);
  });

  it('is the last one where several did', () => {
    const { breaker } = circuit({ failureThreshold: 3 });
    fail(breaker, 2);
    failWith(breaker, cause);
    expect(refusalOf(breaker).cause).toBe(cause);
  });

  it('is the same in half-open', () => {
    const { breaker, clock } = circuit({ ...BRITTLE, async: false, halfOpen: { permits: 1 } });
    failWith(breaker, cause);
    clock.advance(100);
    startCall(breaker);
    expect(refusalOf(breaker).cause).toBe(cause);
  });

  it('is the failure of the probe that reopened the circuit', () => {
    const { breaker } = probingCircuit();
    failWith(breaker, cause);
    expect(refusalOf(breaker).cause).toBe(cause);
  });

  it('is the failure before where a probe expired', () => {
    const { breaker, clock } = circuit({ ...BRITTLE, async: false, halfOpen: { permits: 1 } });
    failWith(breaker, cause);
    clock.advance(100);
    startCall(breaker);
    clock.advance(100);
    expect(refusalOf(breaker).cause).toBe(cause);
  });

  it('is the very same where another breaker of the key refuses', () => {
    const policy = { ...BRITTLE, key: 'geo' };
    const { breaker, another } = circuit(policy);
    failWith(breaker, cause);
    expect(refusalOf(another(policy)).cause).toBe(cause);
  });

  it('is no result of a call that was slow', () => {
    const { breaker, clock } = circuit({
      slowCallDuration: 10,
      window: { calls: 1 },
    });
    breaker.call(() => {
      clock.advance(20);
      return 'the result';
    });
    expect(refusalOf(breaker).cause).not.toBe('the result');
  });

  it.each<[string, (made: ReturnType<typeof circuit>) => void]>([
    ['an operator closed', ({ breaker }) => breaker.reset()],
    [
      'probes closed',
      ({ breaker, clock }) => {
        clock.advance(100);
        succeed(breaker, 2);
      },
    ],
  ])('is none of an earlier opening, which %s, where slow calls opened the circuit', (_, close) => {
    const made = circuit({
      failureThreshold: 1,
      resetTimeout: 100,
      slowCallDuration: 10,
      window: { calls: 2 },
    });
    const { breaker, clock } = made;
    failWith(breaker, cause);
    close(made);
    const transitions = heard(breaker, 'transition');
    for (let i = 0; i < 2; i++) breaker.call(() => clock.advance(20));
    expect(transitions.map(({ to, cause: told }) => [to, told])).toEqual([['open', undefined]]);
    expect(refusalOf(breaker)).not.toHaveProperty('cause');
  });

  it('is none of an earlier opening where an operator forced the circuit', () => {
    const { breaker } = circuit();
    breaker.force('open');
    expect(refusalOf(breaker)).not.toHaveProperty('cause');
  });
});

describe('the stack of a refusal', () => {
  it('has frames for the first of an opening', () => {
    expect(framesOf(refusalOf(openCircuit().breaker))).toBeGreaterThan(0);
  });

  it('leads to the caller', () => {
    expect(refusalOf(openCircuit().breaker).stack).toContain('refusal-errors.spec.ts');
  });

  it('is the header alone for the rest', () => {
    const { breaker } = openCircuit();
    refusalOf(breaker);
    expect([framesOf(refusalOf(breaker)), framesOf(refusalOf(breaker))]).toEqual([0, 0]);
  });

  it('has a header with name and message', () => {
    const { breaker } = openCircuit();
    refusalOf(breaker);
    const error = refusalOf(breaker);
    expect(error.stack).toBe(`CircuitBreakerError: ${error.message}`);
  });

  it('has frames for the first of the next opening', () => {
    const { breaker, clock } = openCircuit();
    refusalOf(breaker);
    clock.advance(100);
    fail(breaker);
    expect(framesOf(refusalOf(breaker))).toBeGreaterThan(0);
  });

  it('has frames for the first of an opening after the circuit had closed', () => {
    const { breaker, clock } = openCircuit();
    refusalOf(breaker);
    clock.advance(100);
    succeed(breaker, 2);
    fail(breaker);
    expect(framesOf(refusalOf(breaker))).toBeGreaterThan(0);
  });

  it('has frames once an opening, whichever breaker of the key refuses', () => {
    const policy = { ...BRITTLE, key: 'geo' };
    const { breaker, another } = openCircuit(policy);
    refusalOf(breaker);
    expect(framesOf(refusalOf(another(policy)))).toBe(0);
  });

  it('leaves Error.stackTraceLimit as it was', () => {
    const { breaker } = openCircuit();
    const before = Error.stackTraceLimit;
    refusalOf(breaker);
    refusalOf(breaker);
    expect(Error.stackTraceLimit).toBe(before);
  });
});
