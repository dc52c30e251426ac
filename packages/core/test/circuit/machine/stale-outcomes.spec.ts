import { describe, expect, it } from '@jest/globals';
import { CircuitRegistry, Panel } from '@switchgear/core';
import { admits, fail, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heard } from '../../support/listening.js';
import { BRITTLE, LASTING, probingCircuit } from '../../support/openings.js';

// Rule 1: every outcome belongs to the generation its call was admitted in.

/** A half-open circuit, and a call in flight since it was closed. */
function halfOpenWithAnOldCall() {
  const made = circuit({ ...BRITTLE, successThreshold: 1 });
  const old = startCall(made.breaker);
  fail(made.breaker);
  made.clock.advance(100);
  const probe = startCall(made.breaker);
  return { ...made, old, probe };
}

describe('a failure from before the circuit opened', () => {
  it('does not reopen a half-open circuit', async () => {
    const { breaker, old } = halfOpenWithAnOldCall();
    await old.fail();
    expect(breaker.state).toBe('half-open');
  });

  it('does not keep an open circuit open for longer', async () => {
    const { breaker, clock } = circuit(BRITTLE);
    const old = startCall(breaker);
    fail(breaker);
    clock.advance(60);
    await old.fail();
    expect(breaker.snapshot().retryAfter).toBe(40);
  });

  it('does not count in the closed circuit that came of it', async () => {
    const { breaker, old, probe } = halfOpenWithAnOldCall();
    await probe.succeed();
    await old.fail();
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('is told to no listener', async () => {
    const { breaker, old } = halfOpenWithAnOldCall();
    const failures = heard(breaker, 'failure');
    await old.fail();
    expect(failures).toEqual([]);
  });

  it('is passed on to its caller all the same', async () => {
    const { breaker } = circuit(BRITTLE);
    let reject: (error: Error) => void = () => {};
    const call = breaker.call(() => new Promise((_, no) => (reject = no)));
    fail(breaker);
    reject(new Error('late'));
    await expect(call).rejects.toThrow('late');
  });

  it('leaves its error uncounted, so that it counts when it comes again', async () => {
    const { breaker, old, probe } = halfOpenWithAnOldCall();
    const error = new Error('down');
    await old.fail(error);
    await probe.fail(error);
    expect(breaker.state).toBe('open');
  });
});

describe('a success from before the circuit opened', () => {
  it('does not close an open circuit', async () => {
    const { breaker } = circuit(BRITTLE);
    const old = startCall(breaker);
    fail(breaker);
    await old.succeed();
    expect(breaker.state).toBe('open');
  });

  it('does not close a half-open circuit', async () => {
    const { breaker, old } = halfOpenWithAnOldCall();
    await old.succeed();
    expect(breaker.state).toBe('half-open');
  });

  it('gives no permit back that was never its own', async () => {
    const { breaker, old } = halfOpenWithAnOldCall();
    await old.succeed();
    expect(startCall(breaker).admitted).toBe(false);
  });

  it('does not forget the failures counted since', async () => {
    const { breaker } = circuit({ failureThreshold: 2 });
    const old = startCall(breaker);
    breaker.reset();
    fail(breaker);
    await old.succeed();
    expect(breaker.snapshot().failures).toBe(1);
  });
});

describe('a probe of an earlier half-open phase', () => {
  /** Half-open for the second time, with a probe out since the first. */
  function halfOpenAgain() {
    const made = probingCircuit({ successThreshold: 1, halfOpen: { permits: 2, permitTimeout: '1h' } });
    const old = startCall(made.breaker);
    fail(made.breaker);
    made.clock.advance(100);
    const probe = startCall(made.breaker);
    return { ...made, old, probe };
  }

  it('does not close the circuit when it succeeds', async () => {
    const { breaker, old } = halfOpenAgain();
    await old.succeed();
    expect(breaker.state).toBe('half-open');
  });

  it('does not reopen the circuit when it fails', async () => {
    const { breaker, old } = halfOpenAgain();
    await old.fail();
    expect(breaker.state).toBe('half-open');
  });

  it('gives no permit of this phase back', async () => {
    const { breaker, old } = halfOpenAgain();
    startCall(breaker);
    await old.succeed();
    expect(startCall(breaker).admitted).toBe(false);
  });

  it('takes no permit of this phase', () => {
    const { breaker } = halfOpenAgain();
    expect(startCall(breaker).admitted).toBe(true);
  });
});

describe('an outcome from before an operator stepped in', () => {
  it('does not open a circuit that was reset', async () => {
    const { breaker } = circuit(BRITTLE);
    const old = startCall(breaker);
    breaker.reset();
    await old.fail();
    expect(breaker.state).toBe('closed');
  });

  it('does not count when the circuit is handed back', async () => {
    const { breaker } = circuit(BRITTLE);
    const old = startCall(breaker);
    breaker.force('closed');
    breaker.force('auto');
    await old.fail();
    expect(breaker.state).toBe('closed');
  });

  it('does not enter the window of the next generation', async () => {
    const { breaker } = circuit({ window: { calls: 10 } });
    const old = startCall(breaker);
    breaker.reset();
    await old.fail();
    expect(breaker.snapshot().window).toMatchObject({ calls: 0, failures: 0 });
  });

  it('does not count when it was admitted while forced closed', async () => {
    const { breaker } = circuit(BRITTLE);
    breaker.force('closed');
    const old = startCall(breaker);
    breaker.force('auto');
    await old.fail();
    expect(breaker.state).toBe('closed');
  });
});

describe.each([{ calls: 10 }, { duration: 1_000 }])(
  'thirty outcomes from before a reset, in a window of %j',
  (window) => {
    /** Thirty calls in flight since before a reset, and a window that has taken four calls since. */
    function lateCalls() {
      const made = circuit({ window, failureThreshold: 9 });
      succeed(made.breaker);
      const late = Array.from({ length: 30 }, () => startCall(made.breaker));
      made.breaker.reset();
      succeed(made.breaker, 3);
      fail(made.breaker);
      return { ...made, late };
    }

    const untouched = { state: 'closed', failures: 1, window: { calls: 4, failures: 1 } };

    it('leave it as it was when they fail', async () => {
      const { breaker, late } = lateCalls();
      for (const call of late) await call.fail();
      expect(breaker.snapshot()).toMatchObject(untouched);
    });

    it('leave it as it was when they succeed', async () => {
      const { breaker, late } = lateCalls();
      for (const call of late) await call.succeed();
      expect(breaker.snapshot()).toMatchObject(untouched);
    });

    it('leave it as it was when they succeed through a wrapped function', async () => {
      const { breaker } = circuit({ window, failureThreshold: 9 });
      const ends: ((value: string) => void)[] = [];
      const wrapped = breaker.wrap(() => new Promise<string>((resolve) => ends.push(resolve)));
      const late = Array.from({ length: 30 }, () => wrapped());
      breaker.reset();
      succeed(breaker, 3);
      fail(breaker);
      for (const end of ends) end('ok');
      await Promise.all(late);
      expect(breaker.snapshot()).toMatchObject(untouched);
    });
  },
);

describe('an outcome from before the circuit was removed', () => {
  it('does not count for a circuit that is given its place', async () => {
    const panel = new Panel({ circuits: 1, memory: 2 ** 16 });
    const registry = new CircuitRegistry(panel);
    const old = startCall(registry.get('old', LASTING));
    registry.remove('old');
    const others = ['one', 'two'].map((key) => registry.get(key, LASTING));
    await old.fail();
    expect(others.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  // Where a circuit lands depends on its name: with ten names some land in the old one's place.
  it.each(Array.from({ length: 10 }, (_, i) => `other-${i}`))(
    'does not count for the circuit made anew in another place, as %s took the old one',
    async (other) => {
      const registry = new CircuitRegistry(new Panel({ circuits: 1, memory: 2 ** 16 }));
      const breaker = registry.get('old', LASTING);
      const old = startCall(breaker);
      registry.remove('old');
      registry.get(other, LASTING);
      succeed(breaker);
      await old.fail();
      expect(breaker.state).toBe('closed');
    },
  );

  it('leaves its circuit admitting calls', async () => {
    const registry = new CircuitRegistry(new Panel({ circuits: 1, memory: 2 ** 16 }));
    const breaker = registry.get('old', LASTING);
    const old = startCall(breaker);
    registry.remove('old');
    await old.fail();
    expect(admits(breaker)).toBe(true);
  });
});
