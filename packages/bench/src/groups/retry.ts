import { CircuitBreaker, pipeline, withCircuitBreaker, withRetry } from '@switchgear/core';
import * as cockatiel from 'cockatiel';
import pRetry from 'p-retry';
import { type Contest, hold } from '../contest.js';
import type { Group } from '../contestant.js';

/** The calls of a retried function whose first attempt succeeds, as nearly all calls are. */
export const retry: Group = {
  name: 'retry',
  measure: async (effort) => [await hold(withoutFailures(), effort)],
};

// eslint-disable-next-line @typescript-eslint/require-await -- an async function is what is measured
const one = async (): Promise<number> => 1;

function withoutFailures(): Contest {
  const retried = withRetry()(one);
  const limited = withRetry({ maxElapsed: '30s' })(one);
  const breaker = new CircuitBreaker({ key: 'retried' });
  const around = withRetry()(breaker.wrap(one));
  const compiled = pipeline(
    withRetry(),
    withCircuitBreaker({ key: 'retried-compiled', failureThreshold: 5 }),
  )(one);
  const inside = breaker.wrap(withRetry()(one));
  const policy = cockatiel.retry(cockatiel.handleAll, {
    maxAttempts: 3,
    backoff: new cockatiel.ExponentialBackoff(),
  });
  const both = cockatiel.wrap(
    policy,
    cockatiel.circuitBreaker(cockatiel.handleAll, {
      halfOpenAfter: 60_000,
      breaker: new cockatiel.ConsecutiveBreaker(5),
    }),
  );
  return {
    title: 'Retry without failures',
    note: 'Three retries are allowed, and none is needed. The last lines guard the function by a circuit as well.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      { name: 'the bare function, `async () => 1`', call: () => one() },
      { name: '`withRetry()(fn)`', goal: 2.4, call: () => retried() },
      { name: '`withRetry` with `maxElapsed` written out', goal: 2.4, call: () => limited() },
      { name: 'a loop by hand', call: () => loop(one) },
      { name: 'cockatiel', call: () => policy.execute(one) },
      { name: 'p-retry', call: () => pRetry(one, { retries: 3 }) },
      { name: 'ours: retry around a circuit', call: () => around() },
      { name: 'ours: the same, compiled by `pipeline`', goal: 2.1, call: () => compiled() },
      { name: 'ours: a circuit around retry', call: () => inside() },
      { name: 'cockatiel: retry around a circuit', call: () => both.execute(one) },
    ],
  };
}

async function loop(fn: () => Promise<number>): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fn();
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}
