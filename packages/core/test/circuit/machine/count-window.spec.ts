import { describe, expect, it } from '@jest/globals';
import type { CircuitBreaker, CircuitBreakerPolicy, CountWindowPolicy } from '@switchgear/core';
import { fail, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heard } from '../../support/listening.js';

/** Makes calls by their letters: s(uccess), f(ailure). */
function play(breaker: CircuitBreaker, calls: string): void {
  for (const call of calls) (call === 'f' ? fail : succeed)(breaker);
}

const windowed = (window: CountWindowPolicy, policy: CircuitBreakerPolicy = {}) =>
  circuit({ ...policy, window });

/** How many calls it took to open, or undefined if none did. */
function openedAfter(breaker: CircuitBreaker, calls: string): number | undefined {
  for (const [index, call] of [...calls].entries()) {
    play(breaker, call);
    if (breaker.state === 'open') return index + 1;
  }
  return undefined;
}

describe('a window of calls', () => {
  it.each([
    ['opens at the failure rate', { calls: 4, failureRate: 0.5 }, 'ssff', 4],
    ['opens above the failure rate', { calls: 4, failureRate: 0.5 }, 'sfff', 4],
    ['stays closed below the failure rate', { calls: 4, failureRate: 0.5 }, 'sssf', undefined],
    ['opens at half of its calls unless told otherwise', { calls: 4 }, 'ssff', 4],
    ['stays closed until it has seen enough calls', { calls: 10, minimumCalls: 5 }, 'ffff', undefined],
    ['opens at the failure that makes the calls enough', { calls: 10, minimumCalls: 5 }, 'fffff', 5],
    ['needs all its calls unless told otherwise, where it is small', { calls: 10 }, 'ffffffffff', 10],
    ['needs twenty calls unless told otherwise, where it is large', { calls: 100 }, 'f'.repeat(30), 20],
    ['opens where all calls fail and the rate is 1', { calls: 5, failureRate: 1 }, 'fffff', 5],
    [
      'stays closed where one succeeds and the rate is 1',
      { calls: 5, failureRate: 1 },
      'ffffsffff',
      undefined,
    ],
    ['opens with the rate 1 once the success has left it', { calls: 5, failureRate: 1 }, 'sfffff', 6],
    ['opens at a third exactly', { calls: 3, failureRate: 1 / 3 }, 'ssf', 3],
    ['opens at a tenth exactly', { calls: 10, failureRate: 0.1 }, 'sssssssssf', 10],
    ['is one call if it says so', { calls: 1 }, 'f', 1],
    ['forgets failures that have left it', { calls: 4, failureRate: 0.5 }, 'fsssfsssfsssf', undefined],
    ['is not judged at a success', { calls: 4, minimumCalls: 4, failureRate: 0.5 }, 'fffs', undefined],
    ['is judged at the failure after it', { calls: 4, minimumCalls: 4, failureRate: 0.5 }, 'fffsf', 5],
  ])('%s: %j %s', (_, window, calls, expected) => {
    expect(openedAfter(windowed(window).breaker, calls)).toBe(expected);
  });

  it('counts the last calls alone', () => {
    const { breaker } = windowed({ calls: 7, failureRate: 1 });
    play(breaker, 'ffsfsssff');
    expect(breaker.snapshot().window).toMatchObject({ calls: 7, failures: 3 });
  });

  it.each([1, 7, 8, 9, 55, 56, 57, 100, 1_000, 10_000])(
    'holds %d calls exactly, after many more',
    (calls) => {
      const { breaker } = windowed({ calls, failureRate: 1 });
      succeed(breaker, calls * 2 + 3);
      expect(breaker.snapshot().window).toMatchObject({ calls });
    },
  );

  it('says its rates', () => {
    const { breaker } = windowed({ calls: 10 });
    play(breaker, 'sssf');
    expect(breaker.snapshot().window).toEqual({
      calls: 4,
      failures: 1,
      slow: 0,
      failureRate: 0.25,
      slowRate: 0,
    });
  });

  it('has rates of zero while it is empty', () => {
    expect(windowed({ calls: 10 }).breaker.snapshot().window).toMatchObject({ failureRate: 0, slowRate: 0 });
  });

  it('forgets nothing with time', () => {
    const { breaker, clock } = windowed({ calls: 4 });
    play(breaker, 'ssf');
    clock.advance(365 * 86_400_000);
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('does not open at failures in a row by itself', () => {
    const { breaker } = windowed({ calls: 100 });
    fail(breaker, 19);
    expect(breaker.state).toBe('closed');
  });

  it('opens at failures in a row if the policy says so as well', () => {
    const { breaker } = windowed({ calls: 100 }, { failureThreshold: 3 });
    fail(breaker, 3);
    expect(breaker.state).toBe('open');
  });

  it('says with the transition how many calls failed', () => {
    const { breaker } = windowed({ calls: 4 });
    const transitions = heard(breaker, 'transition');
    play(breaker, 'ssff');
    expect(transitions).toEqual([expect.objectContaining({ failures: 2 })]);
  });

  it('is empty once the circuit has closed again', () => {
    const { breaker, clock } = windowed({ calls: 4 }, { resetTimeout: 100 });
    play(breaker, 'ffff');
    clock.advance(100);
    succeed(breaker, 2);
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', window: { calls: 0 } });
  });

  it('takes in no probes', () => {
    const { breaker, clock } = windowed({ calls: 4 }, { resetTimeout: 100 });
    play(breaker, 'ffff');
    clock.advance(100);
    succeed(breaker);
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', window: { calls: 0 } });
  });

  it('is empty after a reset', () => {
    const { breaker } = windowed({ calls: 4 });
    play(breaker, 'sff');
    breaker.reset();
    expect(breaker.snapshot().window).toMatchObject({ calls: 0, failures: 0 });
  });

  it('takes in calls in the order in which they end', async () => {
    const { breaker } = windowed({ calls: 2, failureRate: 1 });
    const first = startCall(breaker);
    succeed(breaker, 5);
    await first.fail();
    expect(breaker.snapshot().window).toMatchObject({ calls: 2, failures: 1 });
  });

  it('is shared by the breakers of a key', () => {
    const policy = { key: 'geo', window: { calls: 4 } };
    const { breaker, another } = circuit(policy);
    play(breaker, 'sf');
    play(another(policy), 'sf');
    expect(breaker.state).toBe('open');
  });
});

describe('slow calls in a window', () => {
  const POLICY = { slowCallDuration: 100 };

  /** A call that takes so many milliseconds. */
  const take = (made: ReturnType<typeof circuit>, ms: number, failing = false): void => {
    made.breaker.tryCall(() => {
      made.clock.advance(ms);
      if (failing) throw new Error('down');
    });
  };

  it('are those that take longer than slowCallDuration', () => {
    const made = windowed({ calls: 10 }, POLICY);
    for (const ms of [0, 99, 100, 101, 5_000]) take(made, ms);
    expect(made.breaker.snapshot().window).toMatchObject({ calls: 5, slow: 2, failures: 0 });
  });

  it('open the circuit at the slow rate', () => {
    const made = windowed({ calls: 4, slowRate: 0.75 }, POLICY);
    for (const ms of [0, 200, 200, 200]) take(made, ms);
    expect(made.breaker.state).toBe('open');
  });

  it('leave the circuit closed below the slow rate', () => {
    const made = windowed({ calls: 4, slowRate: 0.75 }, POLICY);
    for (const ms of [0, 200, 0, 200]) take(made, ms);
    expect(made.breaker.state).toBe('closed');
  });

  it('open it at half of the calls unless told otherwise', () => {
    const made = windowed({ calls: 4 }, POLICY);
    for (const ms of [0, 0, 200, 200]) take(made, ms);
    expect(made.breaker.state).toBe('open');
  });

  it('are judged before there are enough calls as little as failures are', () => {
    const made = windowed({ calls: 10, minimumCalls: 5 }, POLICY);
    for (let i = 0; i < 4; i++) take(made, 200);
    expect(made.breaker.state).toBe('closed');
  });

  it('count as slow and as failed where they fail', () => {
    const made = windowed({ calls: 10 }, POLICY);
    take(made, 200, true);
    expect(made.breaker.snapshot().window).toMatchObject({ calls: 1, failures: 1, slow: 1 });
  });

  it('count from the call to the settling of its promise', async () => {
    const { breaker, clock } = windowed({ calls: 10 }, POLICY);
    const call = startCall(breaker);
    clock.advance(101);
    await call.succeed();
    expect(breaker.snapshot().window).toMatchObject({ slow: 1 });
  });

  it('are no failures in a row', () => {
    const made = windowed({ calls: 10 }, { ...POLICY, failureThreshold: 2 });
    for (let i = 0; i < 4; i++) take(made, 200);
    expect(made.breaker.snapshot()).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('count as nothing where their error counts as nothing', () => {
    const made = windowed({ calls: 10 }, { ...POLICY, excludedErrors: Error });
    take(made, 200, true);
    expect(made.breaker.snapshot().window).toMatchObject({ calls: 0, slow: 0 });
  });

  it('are counted where acquire gave the permit', () => {
    const { breaker, clock } = windowed({ calls: 10 }, POLICY);
    const permit = breaker.acquire();
    clock.advance(101);
    permit.succeed();
    expect(breaker.snapshot().window).toMatchObject({ slow: 1 });
  });
});
