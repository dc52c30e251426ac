import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerPolicy, type CircuitSnapshot } from '@switchgear/core';
import type { ManualClock } from '@switchgear/core/testing';
import { panelElsewhere } from '../../support/another-thread.js';
import { failWith, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';

/*
 * What nearly every call goes through. The lines that do it are written several times over, for speed: by the way a circuit is
 * called, by what the function returns, by what the policy asks for, and for the first call of a breaker and later ones. So each
 * combination has a spec of its own, which says all of what a caller gets and what the circuit has recorded.
 */

interface Result {
  readonly isBad: boolean;
}

const GOOD: Result = { isBad: false };
const BAD: Result = { isBad: true };
const ERROR = new Error('down');

/** What the guarded function does: the time it takes, and how it ends. */
interface Deed {
  readonly takes: number;
  readonly returns?: Result;
  readonly throws?: Error;
}

type Work = (this: unknown, ...args: unknown[]) => unknown;

const kinds: Record<string, (deed: Deed) => unknown> = {
  sync: ({ returns, throws }) => {
    if (throws !== undefined) throw throws;
    return returns;
  },
  promise: ({ returns, throws }) =>
    throws === undefined ? Promise.resolve(returns) : Promise.reject(throws),
  thenable: ({ returns, throws }) => ({
    then(onValue: (value: unknown) => void, onError: (error: unknown) => void) {
      if (throws === undefined) onValue(returns);
      else onError(throws);
    },
  }),
};

interface Way {
  /** How a caller calls a function through the breaker; `self` is whose method it is, where there is a way to say so. */
  readonly prepare: (breaker: CircuitBreaker, work: Work, self: object) => (...args: unknown[]) => unknown;
  readonly keepsThis: boolean;
  /** What the caller has in hand for a value and for an error, once it is awaited. */
  readonly value: (value: unknown) => object;
  readonly error: (error: unknown) => object;
}

/** What somebody gets who calls. Objects by their names: an equal one is not the same. */
const returned = (value: unknown) => ({ returned: named(value) });
const thrown = (error: unknown) => ({ thrown: named(error) });

const names = new Map<unknown, string>([
  [GOOD, 'the good result'],
  [BAD, 'the bad result'],
  [ERROR, 'the error'],
]);

function named(thing: unknown): unknown {
  if (typeof thing !== 'object' || thing === null || !('status' in thing)) return names.get(thing) ?? thing;
  return Object.fromEntries(Object.entries(thing).map(([name, value]) => [name, named(value)]));
}

const ways: Record<string, Way> = {
  call: {
    prepare:
      (breaker, work) =>
      (...args) =>
        breaker.call(work, ...args),
    keepsThis: false,
    value: returned,
    error: thrown,
  },
  wrap: {
    prepare: (breaker, work, self) => breaker.wrap(work).bind(self),
    keepsThis: true,
    value: returned,
    error: thrown,
  },
  tryCall: {
    prepare:
      (breaker, work) =>
      (...args) =>
        breaker.tryCall(work, ...args),
    keepsThis: false,
    value: (value) => returned({ status: 'succeeded', value }),
    error: (error) => returned({ status: 'failed', error }),
  },
};

interface Recorded {
  readonly failures: number;
  readonly window: Pick<NonNullable<CircuitSnapshot['window']>, 'calls' | 'failures' | 'slow'> | undefined;
}

/** What one call adds to a circuit that had `before`. */
type Effect = (before: Recorded) => Recorded;

const effect =
  (hasFailed: boolean, isSlow = false): Effect =>
  ({ failures, window }) => ({
    failures: hasFailed ? failures + 1 : 0,
    window: window && {
      calls: window.calls + 1,
      failures: window.failures + Number(hasFailed),
      slow: window.slow + Number(isSlow),
    },
  });

const works: [string, Deed, Effect] = ['works', { takes: 0, returns: GOOD }, effect(false)];
const fails: [string, Deed, Effect] = ['fails', { takes: 0, throws: ERROR }, effect(true)];
const returnsBad: [string, Deed, Effect] = ['returns what is bad', { takes: 0, returns: BAD }, effect(true)];
const worksSlowly: [string, Deed, Effect] = [
  'works slowly',
  { takes: 6, returns: GOOD },
  effect(false, true),
];
const failsSlowly: [string, Deed, Effect] = ['fails slowly', { takes: 6, throws: ERROR }, effect(true, true)];

const circuits: Record<string, { policy: CircuitBreakerPolicy; deeds: [string, Deed, Effect][] }> = {
  'without a window': { policy: {}, deeds: [works, fails] },
  'with a window of calls': { policy: { window: { calls: 10 } }, deeds: [works, fails] },
  'with a window of time': { policy: { window: { duration: '10s' } }, deeds: [works, fails] },
  'with isFailure': {
    policy: { isFailure: (result) => (result as Result).isBad },
    deeds: [works, fails, returnsBad],
  },
  'with isFailure and a window': {
    policy: { isFailure: (result) => (result as Result).isBad, window: { calls: 10 } },
    deeds: [works, fails, returnsBad],
  },
  'that times calls': {
    policy: { window: { calls: 10 }, slowCallDuration: 5 },
    deeds: [works, fails, worksSlowly, failsSlowly],
  },
};

interface Occasion {
  /** Which of two threads makes the call, and what both have done before. */
  readonly before: (here: CircuitBreaker, elsewhere: CircuitBreaker, call: () => unknown) => unknown;
}

const failOnce = (breaker: CircuitBreaker) => failWith(breaker, new Error('before'));

const occasions: Record<string, Occasion> = {
  'the first call': { before: () => {} },
  'the second call, after a success': { before: (_here, _elsewhere, call) => call() },
  'a later call, after a failure': {
    before: async (here, _elsewhere, call) => {
      await call();
      failOnce(here);
    },
  },
  'a later call, after a failure in another thread': {
    before: async (_here, elsewhere, call) => {
      await call();
      failOnce(elsewhere);
    },
  },
  "a thread's first call, after another thread's": {
    before: (_here, elsewhere) => {
      succeed(elsewhere);
      failOnce(elsewhere);
    },
  },
};

function recordedBy(breaker: CircuitBreaker): Recorded {
  const { failures, window } = breaker.snapshot();
  return {
    failures,
    window: window && { calls: window.calls, failures: window.failures, slow: window.slow },
  };
}

/** A circuit in two threads, and a function that it guards. */
function guarded(policy: CircuitBreakerPolicy, way: Way, kind: (deed: Deed) => unknown) {
  const { breaker: here, panel, clock } = circuit({ key: 'geo', failureThreshold: 9, ...policy });
  const elsewhere = new CircuitBreaker(
    { key: 'geo', failureThreshold: 9, ...policy },
    { panel: panelElsewhere(panel) },
  );
  // Later than any window is long: what is recorded as of the panel's beginning is not there.
  clock.advance(60_000);
  const self = { name: 'owner' };
  const came: unknown[] = [];
  let deed: Deed = works[1];
  const call = way.prepare(
    here,
    recording(() => deed, self, came, kind, clock),
    self,
  );
  return { here, elsewhere, came, call, does: (next: Deed) => (deed = next) };
}

function recording(
  deed: () => Deed,
  self: object,
  came: unknown[],
  kind: (deed: Deed) => unknown,
  clock: ManualClock,
): Work {
  return function (this: unknown, ...args: unknown[]) {
    came.push({ isOwn: this === self, isNobodys: this === undefined, args });
    clock.advance(deed().takes);
    return kind(deed());
  };
}

/** What a call gives, sync or in time, and whether it came as a promise. */
async function gives(call: () => unknown): Promise<object> {
  let inHand: unknown;
  try {
    inHand = call();
  } catch (error) {
    return { isPromise: false, ...thrown(error) };
  }
  const isPromise = inHand instanceof Promise;
  try {
    return { isPromise, ...returned(isPromise ? await inHand : inHand) };
  } catch (error) {
    return { isPromise, ...thrown(error) };
  }
}

const ARGUMENTS = [{ an: 'object' }, undefined, 'text'];

describe.each(Object.entries(ways))('%s', (_way, way) => {
  describe.each(Object.entries(kinds))('of a %s function', (kindName, kind) => {
    describe.each(Object.entries(circuits))('by a circuit %s', (_circuit, { policy, deeds }) => {
      describe.each(Object.entries(occasions))('as %s,', (_occasion, { before }) => {
        it.each(deeds)('that %s, passes on what came and counts it', async (_deed, deed, adds) => {
          const { here, elsewhere, came, call, does } = guarded(policy, way, kind);
          await before(here, elsewhere, call);
          const was = recordedBy(elsewhere);
          does(deed);
          came.length = 0;
          const got = await gives(() => call(...ARGUMENTS));
          expect(came).toEqual([{ isOwn: way.keepsThis, isNobodys: !way.keepsThis, args: ARGUMENTS }]);
          const outcome = deed.throws === undefined ? way.value(deed.returns) : way.error(deed.throws);
          expect(got).toEqual({ isPromise: kindName !== 'sync', ...outcome });
          expect(recordedBy(here)).toEqual(adds(was));
          expect(recordedBy(elsewhere)).toEqual(adds(was));
        });
      });
    });
  });
});
