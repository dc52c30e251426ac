import { describe, expect, it } from '@jest/globals';
import type { CircuitBreaker, CircuitBreakerPolicy } from '@switchgear/core';
import { ok } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { BRITTLE } from '../../support/openings.js';

// From the second call on a closed circuit takes a path of its own, for `call` and for `wrap`.

type Work = (...args: unknown[]) => unknown;

const WAYS = {
  call:
    (breaker: CircuitBreaker, fn: Work): Work =>
    (...args) =>
      breaker.call(fn, ...args),
  wrap: (breaker: CircuitBreaker, fn: Work): Work => breaker.wrap(fn),
};

const KINDS = {
  'a value': (value: unknown) => value,
  'a promise': (value: unknown) => Promise.resolve(value),
  'a thenable': (value: unknown): PromiseLike<unknown> => ({
    then: (...args) => Promise.resolve(value).then(...args),
  }),
};

type Way = keyof typeof WAYS;
type Kind = keyof typeof KINDS;

const ways = Object.keys(WAYS) as readonly Way[];
const table = ways.flatMap((way) =>
  (Object.keys(KINDS) as readonly Kind[]).map((kind) => [way, kind] as const),
);

/** A circuit that has had its first call, and a function through it that returns or throws what it is given. */
function afterTheFirstCall(policy: CircuitBreakerPolicy, way: Way, kind: Kind = 'a value') {
  const made = circuit(policy);
  let outcome: () => unknown = ok;
  const guarded = WAYS[way](made.breaker, () => outcome());
  guarded();
  return {
    ...made,
    /** Makes a call that returns the value, in the form of the table. */
    returns: async (value: unknown, ...args: unknown[]): Promise<unknown> => {
      outcome = () => KINDS[kind](value);
      return guarded(...args);
    },
    /** Makes a call that fails; it rejects, unless it is one that returns values. */
    fails: async (error: unknown, ...args: unknown[]): Promise<void> => {
      outcome = () => {
        if (kind === 'a value') throw error;
        return KINDS[kind](Promise.reject(error));
      };
      try {
        await guarded(...args);
      } catch (caught) {
        expect(caught).toBe(error);
      }
    },
  };
}

describe.each(table)('%s of a function that returns %s, from the second call on', (way, kind) => {
  it('asks isFailure of the result', async () => {
    const policy = { ...BRITTLE, isFailure: (result: unknown) => result === 'bad' };
    const { breaker, returns } = afterTheFirstCall(policy, way, kind);
    await returns('good');
    const before = breaker.state;
    await returns('bad');
    expect([before, breaker.state]).toEqual(['closed', 'open']);
  });

  it('passes on a result that isFailure calls a failure', async () => {
    const { returns } = afterTheFirstCall({ isFailure: () => true }, way, kind);
    await expect(returns('bad')).resolves.toBe('bad');
  });

  it('forgets the failures before a success', async () => {
    const { breaker, fails, returns } = afterTheFirstCall({ failureThreshold: 9 }, way, kind);
    await fails(new Error('one'));
    await fails(new Error('two'));
    const before = breaker.snapshot().failures;
    await returns('ok');
    expect([before, breaker.snapshot().failures]).toEqual([2, 0]);
  });

  it('forgets the failures before a success where results are asked', async () => {
    const policy = { failureThreshold: 9, isFailure: (result: unknown) => result === 'bad' };
    const { breaker, returns } = afterTheFirstCall(policy, way, kind);
    await returns('bad');
    const before = breaker.snapshot().failures;
    await returns('good');
    expect([before, breaker.snapshot().failures]).toEqual([1, 0]);
  });

  it('forgets the failures before a success that a window takes in', async () => {
    const policy = { failureThreshold: 9, window: { calls: 10 } };
    const { breaker, fails, returns } = afterTheFirstCall(policy, way, kind);
    await fails(new Error('one'));
    await returns('ok');
    expect(breaker.snapshot()).toMatchObject({ failures: 0, window: { calls: 3, failures: 1 } });
  });

  it('takes a success into a window of calls', async () => {
    const { breaker, returns } = afterTheFirstCall({ window: { calls: 10 } }, way, kind);
    await returns('ok');
    expect(breaker.snapshot().window).toMatchObject({ calls: 2, failures: 0 });
  });

  it('takes a success into a window of time, at the time it ends', async () => {
    const { breaker, clock, returns } = afterTheFirstCall({ window: { duration: 1_000 } }, way, kind);
    clock.advance(5_000);
    await returns('ok');
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 0 });
  });

  it('takes a success into a window of time where a signal is among the arguments', async () => {
    const { breaker, clock, returns } = afterTheFirstCall({ window: { duration: 1_000 } }, way, kind);
    clock.advance(5_000);
    await returns('ok', new AbortController().signal);
    expect(breaker.snapshot().window).toMatchObject({ calls: 1, failures: 0 });
  });

  it('takes no success of a circuit that is held closed into its window', async () => {
    const { breaker, returns } = afterTheFirstCall({ window: { calls: 10 } }, way, kind);
    breaker.force('closed');
    await returns('first');
    await returns('second');
    expect(breaker.snapshot().window).toMatchObject({ calls: 0 });
  });
});

describe.each(table)('an abort in %s of a function that returns %s, from the second call on', (way, kind) => {
  const reason = new RangeError('I changed my mind');

  /** Whether the second call, which fails with `error`, has opened the circuit. */
  async function opens(error: unknown, ...args: unknown[]): Promise<boolean> {
    const { breaker, fails } = afterTheFirstCall(BRITTLE, way, kind);
    await fails(error, ...args);
    return breaker.state === 'open';
  }

  it.each<[string, (signal: AbortSignal) => unknown[]]>([
    ['the argument', (signal) => [signal]],
    ['the last argument', (signal) => ['url', 2, signal]],
    ['the first argument', (signal) => [signal, 'url', 2]],
    ['in the options, as fetch takes it', (signal) => ['url', { signal }]],
  ])('is no failure where the signal is %s', async (_, args) => {
    expect(await opens(reason, ...args(AbortSignal.abort(reason)))).toBe(false);
  });

  it("is no failure where it comes as Node's AbortError, with the reason as its cause", async () => {
    const error = Object.assign(new Error('The operation was aborted', { cause: reason }), {
      name: 'AbortError',
      code: 'ABORT_ERR',
    });
    expect(await opens(error, AbortSignal.abort(reason))).toBe(false);
  });

  it('is a failure where the reason is a timeout', async () => {
    const late = new DOMException('took too long', 'TimeoutError');
    expect(await opens(late, AbortSignal.abort(late))).toBe(true);
  });

  it('is not what an error is, where the signal has not aborted', async () => {
    expect(await opens(reason, new AbortController().signal)).toBe(true);
  });
});

it.each(ways)('%s takes an abort that comes while a later call is in flight for no failure', async (way) => {
  const { breaker } = circuit(BRITTLE);
  const controller = new AbortController();
  const waiting = WAYS[way](
    breaker,
    async (signal) =>
      new Promise((_, reject) => {
        if (!(signal instanceof AbortSignal)) {
          reject(new TypeError('no signal'));
          return;
        }
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  );
  breaker.call(ok);
  const call = waiting(controller.signal);
  controller.abort();
  await expect(call).rejects.toBe(controller.signal.reason);
  expect(breaker.state).toBe('closed');
});
