import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker as Breaker, type CircuitBreakerPolicy } from '@switchgear/core';
import { CircuitBreaker } from '@switchgear/decorators';
import { manualCircuits } from '../support/manual-circuits.js';

// What nearly every call of a decorated method goes through; core has the same table for functions.

const { advance, panelElsewhere } = manualCircuits();

/** What the method does: the time it takes, and how it ends. */
interface Deed {
  readonly takes: number;
  readonly returns?: object;
  readonly throws?: Error;
}

interface Recorded {
  readonly failures: number;
  readonly window: { readonly calls: number; readonly failures: number; readonly slow: number } | undefined;
}

const GOOD = { isBad: false };
const BAD = { isBad: true };
const ERROR = new Error('down');
const ARGUMENTS = [{ an: 'object' }, undefined, 'text'];

/** Objects by their names: an equal one is not the same. */
const names = new Map<unknown, string>([
  [GOOD, 'the good result'],
  [BAD, 'the bad result'],
  [ERROR, 'the error'],
]);

const kinds: [string, (deed: Deed) => unknown][] = [
  [
    'sync',
    ({ returns, throws }) => {
      if (throws !== undefined) throw throws;
      return returns;
    },
  ],
  ['promise', ({ returns, throws }) => (throws ? Promise.reject(throws) : Promise.resolve(returns))],
  [
    'thenable',
    ({ returns, throws }) => ({
      then: (onValue: (value: unknown) => void, onError: (error: unknown) => void) =>
        throws ? onError(throws) : onValue(returns),
    }),
  ],
];

/** What one call adds to what the circuit has recorded. */
const adds =
  (isFailure: boolean, isSlow = false) =>
  ({ failures, window }: Recorded): Recorded => ({
    failures: isFailure ? failures + 1 : 0,
    window: window && {
      calls: window.calls + 1,
      failures: window.failures + Number(isFailure),
      slow: window.slow + Number(isSlow),
    },
  });

type Case = [string, Deed, (before: Recorded) => Recorded];
const works: Case = ['works', { takes: 0, returns: GOOD }, adds(false)];
const fails: Case = ['fails', { takes: 0, throws: ERROR }, adds(true)];
const returnsBad: Case = ['returns what is bad', { takes: 0, returns: BAD }, adds(true)];
const worksSlowly: Case = ['works slowly', { takes: 6, returns: GOOD }, adds(false, true)];
const failsSlowly: Case = ['fails slowly', { takes: 6, throws: ERROR }, adds(true, true)];

const isFailure = (result: unknown): boolean => result === BAD;

const circuits: [string, CircuitBreakerPolicy, Case[]][] = [
  ['without a window', {}, [works, fails]],
  ['with a window of calls', { window: { calls: 10 } }, [works, fails]],
  ['with a window of time', { window: { duration: '10s' } }, [works, fails]],
  ['with isFailure', { isFailure }, [works, fails, returnsBad]],
  [
    'that times calls',
    { window: { calls: 10 }, slowCallDuration: 5 },
    [works, fails, worksSlowly, failsSlowly],
  ],
];

const failOnce = (breaker: Breaker) =>
  breaker.tryCall(() => {
    throw new Error('before');
  });

const occasions: [string, (elsewhere: Breaker, call: () => unknown) => unknown][] = [
  ['the first call', () => {}],
  ['the second call, after a success', (_, call) => call()],
  [
    'a later call, after a failure in another thread',
    async (elsewhere, call) => {
      await call();
      failOnce(elsewhere);
    },
  ],
  ["a thread's first call, after another thread's", failOnce],
];

/** A service with a method under a circuit, which another thread has too. */
function service(policy: CircuitBreakerPolicy, key: string, kind: (deed: Deed) => unknown) {
  const whole = { key, failureThreshold: 9, ...policy };
  class Service {
    deed: Deed = works[1];
    came: unknown[] = [];

    @CircuitBreaker(whole)
    load(...args: readonly unknown[]): unknown {
      this.came.push(args);
      advance(this.deed.takes);
      return kind(this.deed);
    }
  }
  return { service: new Service(), elsewhere: new Breaker(whole, { panel: panelElsewhere() }) };
}

/** What a call gives, sync or in time, and whether it came as a promise. */
async function gives(call: () => unknown): Promise<object> {
  let isPromise = false;
  try {
    const inHand = call();
    isPromise = inHand instanceof Promise;
    const value = isPromise ? await inHand : inHand;
    return { isPromise, returned: names.get(value) };
  } catch (error) {
    return { isPromise, thrown: names.get(error) };
  }
}

function recordedBy(breaker: Breaker): Recorded {
  const { failures, window } = breaker.snapshot();
  return {
    failures,
    window: window && { calls: window.calls, failures: window.failures, slow: window.slow },
  };
}

describe.each(kinds)('a decorated %s method', (kindName, kind) => {
  describe.each(circuits)('under a circuit %s', (circuit, policy, deeds) => {
    describe.each(occasions)('at %s,', (_occasion, before) => {
      it.each(deeds)('that %s, passes on what came and has it counted', async (_deed, deed, effect) => {
        const { service: its, elsewhere } = service(policy, `hot-paths.spec ${circuit}`, kind);
        await before(elsewhere, () => its.load());
        const was = recordedBy(elsewhere);
        its.deed = deed;
        its.came = [];
        const got = await gives(() => its.load(...ARGUMENTS));
        expect(its.came).toEqual([ARGUMENTS]);
        const outcome = deed.throws ? { thrown: 'the error' } : { returned: names.get(deed.returns) };
        expect(got).toEqual({ isPromise: kindName !== 'sync', ...outcome });
        expect(recordedBy(elsewhere)).toEqual(effect(was));
      });
    });
  });
});
