import { CircuitBreaker } from '@switchgear/core';
import { ConsecutiveBreaker } from 'cockatiel';
import { SlidingCountBreaker } from 'mollitia';
import { type Contest, hold } from '../contest.js';
import type { Group } from '../contestant.js';
import { floorBreaker, floorSyncBreaker } from '../floor.js';
import { cockatielWith, mollitiaOf, opossumAsItComes, opossumOf } from '../peers.js';

/** The calls of a closed circuit whose function succeeds, as nearly all calls are. */
export const closed: Group = {
  name: 'circuit/closed',
  measure: async (effort) => [await hold(asynchronous(), effort), await hold(synchronous(), effort)],
};

// eslint-disable-next-line @typescript-eslint/require-await -- an async function is what is measured
const one = async (): Promise<number> => 1;
// eslint-disable-next-line @typescript-eslint/require-await
const difference = async (a: number, b: number): Promise<number> => a - b;

function asynchronous(): Contest {
  const breaker = new CircuitBreaker({ key: 'closed' });
  const wrapped = breaker.wrap(difference);
  const floor = floorBreaker();
  const floorOne = floor(one);
  const floorWrapped = floor(difference);
  const policy = cockatielWith(new ConsecutiveBreaker(5));
  const opossum = opossumOf(one);
  const opossumDefault = opossumAsItComes(one);
  const mollitia = mollitiaOf(one, SlidingCountBreaker);
  const onValue = (value: number): number => value;
  const onError = (error: unknown): never => {
    throw error;
  };
  return {
    title: 'Closed circuit, async function',
    note: 'Each call is awaited before the next. Five failures in a row would open the circuit, or what the library has that is nearest.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      { name: 'the bare function, `async () => 1`', call: () => one() },
      { name: '`breaker.call(fn)`', goal: 1.7, call: () => breaker.call(one) },
      { name: '`breaker.wrap(fn)` with arguments', goal: 1.75, call: (i) => wrapped(i + 1, i) },
      {
        name: '`breaker.call(() => fn())`, a new arrow each time',
        goal: 2.2,
        call: () => breaker.call(() => one()),
      },
      { name: 'cockatiel, a new arrow each time', call: () => policy.execute(() => one()) },
      { name: 'a `.then` by hand', call: () => one().then(onValue, onError) },
      { name: 'one more `async` function', call: () => oneMore(one) },
      { name: 'floor: two reads of memory and a `.then`', call: () => floorOne() },
      { name: 'floor, with arguments', call: (i) => floorWrapped(i + 1, i) },
      { name: 'cockatiel', call: () => policy.execute(one) },
      { name: 'opossum, no timeout or percentiles', call: () => opossum.fire() },
      { name: 'opossum, as it comes', call: () => opossumDefault.fire() },
      { name: 'mollitia', call: () => mollitia.execute<number>() },
    ],
  };
}

async function oneMore(fn: () => Promise<number>): Promise<number> {
  return await fn();
}

function synchronous(): Contest {
  const breaker = new CircuitBreaker({ key: 'closed-sync' });
  const subtract = (a: number, b: number): number => a - b;
  const wrapped = breaker.wrap(subtract);
  const floor = floorSyncBreaker()(subtract);
  return {
    title: 'Closed circuit, sync function',
    note: 'What it costs over the bare call, which the compiler inlines until nearly nothing is left. The peers turn every function into an async one.',
    pace: 'straight',
    unit: 'ns more',
    contestants: [
      { name: 'the bare function', call: (i) => subtract(i + 1, i) },
      { name: '`breaker.call(fn, a, b)`', goal: 20, call: (i) => breaker.call(subtract, i + 1, i) },
      { name: '`breaker.wrap(fn)`', goal: 20, call: (i) => wrapped(i + 1, i) },
      { name: 'floor: two reads of memory and a `try`', call: (i) => floor(i + 1, i) },
    ],
  };
}
