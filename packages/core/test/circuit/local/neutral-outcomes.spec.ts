import { describe, expect, it } from '@jest/globals';
import type { CircuitBreaker, CircuitBreakerPolicy } from '@switchgear/core';
import { broken, fail, failWith, ok, startCall } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heardWarnings } from '../../support/heard-warnings.js';
import { heard } from '../../support/listening.js';
import { BRITTLE, openCircuit, probingCircuit } from '../../support/openings.js';

// Rule 2: what counts as neither success nor failure.

class NotFound extends Error {}
class Gone extends NotFound {}

const timeout = () => new DOMException('took too long', 'TimeoutError');

/** Whether a circuit counted: one failure is enough to open it. */
const counts = (policy: CircuitBreakerPolicy, error: unknown): boolean => {
  const { breaker } = circuit({ ...BRITTLE, ...policy });
  failWith(breaker, error);
  return breaker.state === 'open';
};

describe('which errors count', () => {
  it.each<[string, boolean, CircuitBreakerPolicy, unknown]>([
    ['an error of an excluded class', false, { excludedErrors: NotFound }, new NotFound()],
    ['an error of a class below an excluded one', false, { excludedErrors: NotFound }, new Gone()],
    ['an error of a class above an excluded one', true, { excludedErrors: Gone }, new NotFound()],
    ['an error of an excluded list', false, { excludedErrors: [TypeError, NotFound] }, new NotFound()],
    ['an error that a predicate excludes', false, { excludedErrors: (e) => e === 'skip' }, 'skip'],
    ['an error that no predicate excludes', true, { excludedErrors: (e) => e === 'skip' }, 'other'],
    ['an error of an expected class', true, { expectedErrors: NotFound }, new NotFound()],
    ['an error outside the expected class', false, { expectedErrors: NotFound }, new TypeError()],
    ['an error outside an expected list', false, { expectedErrors: [NotFound, RangeError] }, new TypeError()],
    [
      'an error that is expected and excluded',
      false,
      { expectedErrors: NotFound, excludedErrors: Gone },
      new Gone(),
    ],
    [
      'an error that is expected and not excluded',
      true,
      { expectedErrors: NotFound, excludedErrors: Gone },
      new NotFound(),
    ],
    ['what is no error where a class is expected', false, { expectedErrors: Error }, 'text'],
  ])('%s counts: %p', (_, expected, policy, error) => {
    expect(counts(policy, error)).toBe(expected);
  });

  it('asks the excluded first', () => {
    const asked: string[] = [];
    const ask = (name: string) => () => asked.push(name) > 0;
    counts({ excludedErrors: ask('excluded'), expectedErrors: ask('expected') }, new Error());
    expect(asked).toEqual(['excluded']);
  });

  it('counts an error about which excludedErrors throws', () => {
    const { breaker } = circuit({ ...BRITTLE, excludedErrors: broken });
    breaker.subscribe(() => {});
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('counts an error about which expectedErrors throws', () => {
    const { breaker } = circuit({ ...BRITTLE, expectedErrors: broken });
    breaker.subscribe(() => {});
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('tells with a warning that a function of the policy threw', () => {
    const { breaker } = circuit({ expectedErrors: broken });
    const warnings = heard(breaker, 'warning');
    fail(breaker);
    expect(warnings).toEqual([expect.objectContaining({ code: 'callback-threw', cause: new Error('down') })]);
  });
});

describe('a function of the policy that throws', () => {
  const asking = { isFailure: broken, key: 'geo' };

  it('is a warning of the process where nobody listens to the circuit', () => {
    const warnings = heardWarnings();
    circuit(asking).breaker.call(ok);
    expect(warnings).toEqual(['a function of the policy of circuit "geo" threw: down']);
  });

  it('is none where somebody does, who is told', () => {
    const warnings = heardWarnings();
    const { breaker } = circuit(asking);
    const told = heard(breaker, 'warning');
    breaker.call(ok);
    expect([warnings, told.length]).toEqual([[], 1]);
  });
});

describe('a neutral outcome of a closed circuit', () => {
  it('is passed on to the caller', () => {
    const { breaker } = circuit({ excludedErrors: NotFound });
    expect(() =>
      breaker.call(() => {
        throw new NotFound('here');
      }),
    ).toThrow('here');
  });

  it('forgets no failures', () => {
    const { breaker } = circuit({ failureThreshold: 2, excludedErrors: NotFound });
    fail(breaker);
    failWith(breaker, new NotFound());
    fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('enters no window', () => {
    const { breaker } = circuit({ window: { calls: 10 }, excludedErrors: NotFound });
    failWith(breaker, new NotFound());
    expect(breaker.snapshot().window).toMatchObject({ calls: 0 });
  });

  it('is told to no listener', () => {
    const { breaker } = circuit({ excludedErrors: NotFound });
    const failures = heard(breaker, 'failure');
    failWith(breaker, new NotFound());
    expect(failures).toEqual([]);
  });
});

describe('a neutral outcome of a probe', () => {
  const policy = { excludedErrors: NotFound, halfOpen: { permits: 1 } };

  it('leaves the circuit half-open', () => {
    const { breaker } = probingCircuit(policy);
    failWith(breaker, new NotFound());
    expect(breaker.state).toBe('half-open');
  });

  it('gives the permit back', () => {
    const { breaker } = probingCircuit(policy);
    failWith(breaker, new NotFound());
    expect(startCall(breaker).admitted).toBe(true);
  });

  it('counts as no success', () => {
    const { breaker } = probingCircuit({ ...policy, successThreshold: 1 });
    failWith(breaker, new NotFound());
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', successes: 0 });
  });

  it('never uses the permits up', async () => {
    const { breaker } = probingCircuit(policy);
    for (let i = 0; i < 50; i++) await startCall(breaker).fail(new NotFound());
    expect(startCall(breaker).admitted).toBe(true);
  });
});

describe("the caller's own abort", () => {
  const abortWith = (reason?: unknown): AbortSignal => AbortSignal.abort(reason);

  /** Calls a function that fails with `error`, with `args` given to it. */
  const failedCall = (error: unknown, ...args: unknown[]): CircuitBreaker => {
    const { breaker } = circuit(BRITTLE);
    const failing: (...args: unknown[]) => never = () => {
      throw error;
    };
    breaker.tryCall(failing, ...args);
    return breaker;
  };

  it('counts as nothing where its signal is an argument', () => {
    const signal = abortWith();
    expect(failedCall(signal.reason, 'url', signal).state).toBe('closed');
  });

  it('counts as nothing where its signal is in an argument, as fetch takes it', () => {
    const signal = abortWith();
    expect(failedCall(signal.reason, 'url', { signal }).state).toBe('closed');
  });

  it('counts as nothing whatever its reason is', () => {
    const reason = new RangeError('I changed my mind');
    expect(failedCall(reason, abortWith(reason)).state).toBe('closed');
  });

  it('counts as nothing where the abort comes while the call is in flight', async () => {
    const { breaker } = circuit(BRITTLE);
    const controller = new AbortController();
    const call = startCall(breaker, controller.signal);
    controller.abort();
    await call.fail(controller.signal.reason);
    expect(breaker.state).toBe('closed');
  });

  it('counts as nothing where the function is wrapped', async () => {
    const { breaker } = circuit(BRITTLE);
    const lookup = breaker.wrap(async (_: string, { signal }: { signal: AbortSignal }) => {
      signal.throwIfAborted();
    });
    await lookup('url', { signal: abortWith() }).catch(() => {});
    expect(breaker.state).toBe('closed');
  });

  it("gives a probe's permit back", async () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 1 } });
    const signal = abortWith();
    await startCall(breaker, signal).fail(signal.reason);
    expect(startCall(breaker).admitted).toBe(true);
  });

  it('counts where its reason is a timeout', () => {
    const signal = abortWith(timeout());
    expect(failedCall(signal.reason, signal).state).toBe('open');
  });

  it('counts where the signal is not among the arguments', () => {
    expect(failedCall(abortWith().reason).state).toBe('open');
  });

  it('is told by the signal, whatever the error says', () => {
    expect(failedCall(new Error('connection lost'), abortWith()).state).toBe('closed');
  });

  it('is not claimed by a signal that has not aborted', () => {
    expect(failedCall(new DOMException('aborted', 'AbortError'), new AbortController().signal).state).toBe(
      'open',
    );
  });
});

describe('a refusal', () => {
  it('of another circuit inside counts as nothing', () => {
    const inner = openCircuit().breaker;
    const outer = circuit(BRITTLE).breaker;
    outer.tryCall(() => inner.call(ok));
    expect(outer.state).toBe('closed');
  });

  it('of another circuit inside a probe gives the permit back', async () => {
    const inner = openCircuit().breaker;
    const outer = probingCircuit({ halfOpen: { permits: 1 } }).breaker;
    await outer.tryCall(async () => inner.call(ok));
    expect(startCall(outer).admitted).toBe(true);
  });

  it('of the same circuit inside counts as nothing', () => {
    const { breaker } = circuit({ failureThreshold: 2 });
    breaker.tryCall(() => {
      breaker.force('open');
      breaker.call(ok);
    });
    breaker.force('auto');
    expect(breaker.snapshot().failures).toBe(0);
  });

  it('of another circuit counts as nothing even where every error is expected', () => {
    const inner = openCircuit().breaker;
    const outer = circuit({ ...BRITTLE, expectedErrors: Error }).breaker;
    outer.tryCall(() => inner.call(ok));
    expect(outer.state).toBe('closed');
  });
});

describe('an error that several calls bring', () => {
  const passTwice = (outer: CircuitBreaker, inner: CircuitBreaker): void => {
    outer.tryCall(() => inner.call(broken));
  };

  it('counts in each call of one circuit that it passes', () => {
    const { breaker } = circuit();
    passTwice(breaker, breaker);
    expect(breaker.snapshot().failures).toBe(2);
  });

  it('counts in each call where two breakers of one key share the circuit', () => {
    const { breaker, another } = circuit({ key: 'geo' });
    passTwice(breaker, another({ key: 'geo' }));
    expect(breaker.snapshot().failures).toBe(2);
  });

  it('counts in each of twenty calls that wait for one rejected promise', async () => {
    const { breaker } = circuit({ failureThreshold: 20 });
    const connection = Promise.reject(new Error('shared'));
    await Promise.all(Array.from({ length: 20 }, async () => breaker.tryCall(async () => connection)));
    expect(breaker.state).toBe('open');
  });

  it('counts in each circuit that it passes', () => {
    const [outer, inner] = [circuit().breaker, circuit().breaker];
    passTwice(outer, inner);
    expect([outer.snapshot().failures, inner.snapshot().failures]).toEqual([1, 1]);
  });

  it('counts twice if it is no object', () => {
    const { breaker } = circuit();
    failWith(breaker, 'down');
    failWith(breaker, 'down');
    expect(breaker.snapshot().failures).toBe(2);
  });
});
