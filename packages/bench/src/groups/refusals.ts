import { CircuitBreaker } from '@switchgear/core';
import { ConsecutiveBreaker } from 'cockatiel';
import { BreakerState, SlidingCountBreaker } from 'mollitia';
import { type Contest, hold } from '../contest.js';
import type { Group } from '../contestant.js';
import { AN_HOUR, cockatielWith, mollitiaOf, opossumOf } from '../peers.js';

/** The cost of a refusal, by circuits that a failure has opened. */
export const refusals: Group = {
  name: 'circuit/refusals',
  measure: async (effort) => [await hold(thrown(), effort), await hold(await awaited(), effort)],
};

const failure = new Error('the service is down');

const rejection = new Error('no');

const fail = (): number => {
  throw failure;
};

// eslint-disable-next-line @typescript-eslint/require-await -- an async function is what is measured
const failAsync = async (): Promise<number> => {
  throw failure;
};

function openBreaker(key: string): CircuitBreaker {
  const breaker = new CircuitBreaker({ key, failureThreshold: 1 });
  breaker.tryCall(fail);
  if (breaker.state !== 'open') throw new Error(`${key} is ${breaker.state}`);
  return breaker;
}

function thrown(): Contest {
  const breaker = openBreaker('refusing');
  return {
    title: 'Open circuit, sync function',
    note: 'Thrown and caught, or returned by `tryCall`.',
    pace: 'straight',
    unit: 'µs',
    contestants: [
      { name: '`breaker.call(fn)`, caught', goal: 1, call: () => caught(() => breaker.call(fail)) },
      {
        name: '`breaker.tryCall(fn)`',
        goal: 0.15,
        call: () => (breaker.tryCall(fail).status === 'refused' ? 1 : 0),
      },
      { name: '`throw new Error`, ten frames deep', call: () => atDepth(10, () => caught(throwError)) },
      { name: '`throw new Error` without a stack', call: () => caught(throwWithoutStack) },
    ],
  };
}

async function awaited(): Promise<Contest> {
  const breaker = openBreaker('rejecting');
  const policy = cockatielWith(new ConsecutiveBreaker(1));
  await settled(policy.execute(failAsync));
  const opossum = opossumOf(failAsync);
  opossum.open();
  const mollitia = mollitiaOf(failAsync, SlidingCountBreaker, {
    state: BreakerState.OPENED,
    openStateDelay: AN_HOUR,
  });
  return {
    title: 'Open circuit, async function',
    note: 'Awaited in a `try`, or returned by `tryCall` and awaited.',
    pace: 'awaited',
    unit: 'µs',
    contestants: [
      { name: '`await breaker.call(fn)`', goal: 2, call: () => settled(breaker.call(failAsync)) },
      {
        name: '`await breaker.tryCall(fn)`',
        call: () => breaker.tryCall(failAsync).then(({ status }) => (status === 'refused' ? 1 : 0)),
      },
      { name: 'any rejection', call: () => settled(Promise.reject(rejection)) },
      { name: 'a rejection with a new `Error`', call: () => settled(Promise.reject(new Error('no'))) },
      { name: 'cockatiel', call: () => settled(policy.execute(failAsync)) },
      { name: 'opossum', call: () => settled(opossum.fire()) },
      { name: 'mollitia', call: () => settled(mollitia.execute<number>()) },
    ],
  };
}

/** 1 if the call throws and the function was not called. */
function caught(fn: () => number): number {
  try {
    return fn() * 0;
  } catch (error) {
    return error === failure ? 0 : 1;
  }
}

/** 1 if the call rejects and the function was not called. */
async function settled(promise: Promise<number>): Promise<number> {
  try {
    return (await promise) * 0;
  } catch (error) {
    return error === failure ? 0 : 1;
  }
}

function atDepth(depth: number, fn: () => number): number {
  return depth === 0 ? fn() : atDepth(depth - 1, fn);
}

function throwError(): never {
  throw new Error('the circuit is open');
}

function throwWithoutStack(): never {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const error = new Error('the circuit is open');
  Error.stackTraceLimit = limit;
  throw error;
}
