import { describe, expect, it } from '@jest/globals';
import { admits, fail, ok, startCall, succeed } from '../../support/calls.js';
import { heard, transitionsOf } from '../../support/listening.js';
import { probingCircuit } from '../../support/openings.js';

describe('a half-open circuit', () => {
  it('admits as many calls at once as there are permits', () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 3 } });
    const calls = Array.from({ length: 5 }, () => startCall(breaker));
    expect(calls.map(({ admitted }) => admitted)).toEqual([true, true, true, false, false]);
  });

  it('admits as many at once as have to succeed, unless told otherwise', () => {
    const { breaker } = probingCircuit({ successThreshold: 3 });
    const calls = Array.from({ length: 5 }, () => startCall(breaker));
    expect(calls.filter(({ admitted }) => admitted)).toHaveLength(3);
  });

  it('admits two at once by default', () => {
    const { breaker } = probingCircuit();
    const calls = Array.from({ length: 5 }, () => startCall(breaker));
    expect(calls.filter(({ admitted }) => admitted)).toHaveLength(2);
  });

  it('rejects the rest immediately', () => {
    const { breaker } = probingCircuit({ async: false, halfOpen: { permits: 1 } });
    startCall(breaker);
    expect(() => breaker.acquire()).toThrow(
      expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN', state: 'half-open' }),
    );
  });

  it('admits the next call when a probe has succeeded', async () => {
    const { breaker } = probingCircuit({ successThreshold: 3, halfOpen: { permits: 1 } });
    await startCall(breaker).succeed();
    expect(startCall(breaker).admitted).toBe(true);
  });

  it('stays half-open one success below the threshold', () => {
    const { breaker } = probingCircuit({ successThreshold: 3 });
    succeed(breaker, 2);
    expect(breaker.state).toBe('half-open');
  });

  it('closes at the threshold of successes', () => {
    const { breaker } = probingCircuit({ successThreshold: 3 });
    succeed(breaker, 3);
    expect(breaker.state).toBe('closed');
  });

  it('closes at two successes unless told otherwise', () => {
    const { breaker } = probingCircuit();
    succeed(breaker);
    const before = breaker.state;
    succeed(breaker);
    expect([before, breaker.state]).toEqual(['half-open', 'closed']);
  });

  it('closes with fewer permits than successes, one after the other', () => {
    const { breaker } = probingCircuit({ successThreshold: 5, halfOpen: { permits: 1 } });
    succeed(breaker, 5);
    expect(breaker.state).toBe('closed');
  });

  it('reopens at the first failure', () => {
    const { breaker } = probingCircuit({ successThreshold: 3 });
    succeed(breaker, 2);
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('reopens at the first failure, whatever the failure threshold', () => {
    const { breaker } = probingCircuit({ failureThreshold: 7 });
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('is open for the whole reset timeout again after a failed probe', () => {
    const { breaker, clock } = probingCircuit();
    fail(breaker);
    clock.advance(99);
    expect(admits(breaker)).toBe(false);
  });

  it('probes again after the next reset timeout', () => {
    const { breaker, clock } = probingCircuit();
    fail(breaker);
    clock.advance(100);
    expect(admits(breaker)).toBe(true);
  });

  it('counts successes of this phase alone, none of an earlier one', () => {
    const { breaker, clock } = probingCircuit();
    succeed(breaker);
    fail(breaker);
    clock.advance(100);
    succeed(breaker);
    expect(breaker.state).toBe('half-open');
  });

  it('counts a result that the policy calls a failure as a failed probe', () => {
    const { breaker } = probingCircuit({ isFailure: (result) => result === 'bad' });
    breaker.call(() => 'bad');
    expect(breaker.state).toBe('open');
  });

  it('counts failures from nothing once it has closed', () => {
    const { breaker } = probingCircuit({ failureThreshold: 2 });
    succeed(breaker, 2);
    fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('goes through its states in order', () => {
    const { breaker, clock } = probingCircuit();
    const transitions = transitionsOf(breaker);
    fail(breaker);
    clock.advance(100);
    succeed(breaker, 2);
    expect(transitions).toEqual([
      'open → half-open',
      'half-open → open',
      'open → half-open',
      'half-open → closed',
    ]);
  });

  it('says with a refusal when the earliest permit expires', () => {
    const { breaker, clock } = probingCircuit({ halfOpen: { permits: 1, permitTimeout: 70 } });
    const refusals = heard(breaker, 'refusal');
    startCall(breaker);
    clock.advance(30);
    breaker.tryCall(ok);
    expect(refusals).toEqual([expect.objectContaining({ state: 'half-open', retryAfter: 40 })]);
  });

  it('is closed by a reset', () => {
    const { breaker } = probingCircuit();
    succeed(breaker);
    breaker.reset();
    expect(breaker.state).toBe('closed');
  });
});
