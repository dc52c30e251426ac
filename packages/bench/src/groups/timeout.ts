import {
  CircuitBreaker,
  pipeline,
  withCircuitBreaker,
  withDeadline,
  withRetry,
  withTimeout,
} from '@switchgear/core';
import * as cockatiel from 'cockatiel';
import { type Contest, hold } from '../contest.js';
import type { Group } from '../contestant.js';

/** The calls of a function with a timeout that end in time, as nearly all calls do. */
export const timeout: Group = {
  name: 'timeout',
  measure: async (effort) => [await hold(inTime(), effort), await hold(stacked(), effort)],
};

// eslint-disable-next-line @typescript-eslint/require-await -- an async function is what is measured
const one = async (): Promise<number> => 1;

function inTime(): Contest {
  const timed = withTimeout('5s')(one);
  const bounded = withDeadline('5s')(one);
  const policy = cockatiel.timeout(5_000, cockatiel.TimeoutStrategy.Aggressive);
  return {
    title: 'Timeout of calls that end in time',
    note: 'Each call is awaited before the next, and has 5 s.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      { name: 'the bare function, `async () => 1`', call: () => one() },
      { name: "`withTimeout('5s')(fn)`", goal: 3.2, call: () => timed() },
      { name: "`withDeadline('5s')(fn)`", call: () => bounded() },
      { name: '`setTimeout` and a `Promise` by hand', call: () => byHand(one) },
      { name: '`AbortSignal.timeout` and a race by hand', call: () => bySignal(one) },
      { name: 'cockatiel', call: () => policy.execute(one) },
    ],
  };
}

function stacked(): Contest {
  const breaker = new CircuitBreaker({ key: 'timed' });
  const stack = withRetry()(breaker.wrap(withTimeout('5s')(one)));
  const compiled = pipeline(
    withRetry(),
    withCircuitBreaker({ key: 'timed-compiled', failureThreshold: 5 }),
    withTimeout('5s'),
  )(one);
  const whole = pipeline({
    deadline: '10s',
    retry: {},
    rateLimit: 1_000_000_000,
    bulkhead: 64,
    circuit: { key: 'timed-whole', failureThreshold: 5 },
    timeout: '5s',
  })(one);
  const policy = cockatiel.wrap(
    cockatiel.retry(cockatiel.handleAll, { maxAttempts: 3, backoff: new cockatiel.ExponentialBackoff() }),
    cockatiel.circuitBreaker(cockatiel.handleAll, {
      halfOpenAfter: 60_000,
      breaker: new cockatiel.ConsecutiveBreaker(5),
    }),
    cockatiel.timeout(5_000, cockatiel.TimeoutStrategy.Aggressive),
  );
  return {
    title: 'Retry around a circuit around a timeout',
    note: 'No call fails, and each ends in time.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      { name: 'the bare function, `async () => 1`', call: () => one() },
      { name: 'ours: three function forms', goal: 6.5, call: () => stack() },
      { name: 'ours: compiled by `pipeline`', goal: 3.2, call: () => compiled() },
      { name: 'ours: `pipeline` of six policies', call: () => whole() },
      { name: 'cockatiel: `wrap` of the three', call: () => policy.execute(one) },
    ],
  };
}

function byHand(fn: () => Promise<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too late')), 5_000);
    fn().then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

function bySignal(fn: () => Promise<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(5_000);
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    fn().then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}
