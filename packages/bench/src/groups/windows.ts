import { CircuitBreaker } from '@switchgear/core';
import { CountBreaker, SamplingBreaker } from 'cockatiel';
import { SlidingCountBreaker, SlidingTimeBreaker } from 'mollitia';
import { type Contest, hold } from '../contest.js';
import type { Group } from '../contestant.js';
import { floorCountBreaker, floorTimeBreaker, now } from '../floor.js';
import { cockatielWith, mollitiaOf, opossumOf } from '../peers.js';

/** Closed circuits with a window. */
export const windows: Group = {
  name: 'circuit/windows',
  measure: async (effort) => [await hold(lastCalls(), effort), await hold(lastWhile(), effort)],
};

// eslint-disable-next-line @typescript-eslint/require-await -- an async function is what is measured
const one = async (): Promise<number> => 1;
const bare = { name: 'the bare function, `async () => 1`', call: () => one() };

function lastCalls(): Contest {
  const calls = 100;
  const breaker = new CircuitBreaker({ key: 'last-calls', window: { calls } });
  const floor = floorCountBreaker(128);
  const policy = cockatielWith(new CountBreaker({ threshold: 0.5, size: calls }));
  const mollitia = mollitiaOf(one, SlidingCountBreaker, { slidingWindowSize: calls });
  return {
    title: 'Closed circuit, the last 100 calls',
    note: 'Each outcome goes into a window that is exact when several threads write it.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      bare,
      { name: '`breaker.call(fn)`', goal: 2.2, call: () => breaker.call(one) },
      { name: 'floor: two atomic writes', call: () => floor(one) },
      { name: 'cockatiel, CountBreaker', call: () => policy.execute(one) },
      { name: 'mollitia, SlidingCountBreaker', call: () => mollitia.execute<number>() },
    ],
  };
}

function lastWhile(): Contest {
  const duration = 10_000;
  const breaker = new CircuitBreaker({ key: 'last-while', window: { duration }, slowCallDuration: 1_000 });
  const floor = floorTimeBreaker(1_000);
  const policy = cockatielWith(new SamplingBreaker({ threshold: 0.5, duration }));
  const opossum = opossumOf(one);
  const mollitia = mollitiaOf(one, SlidingTimeBreaker, {
    slidingWindowSize: duration,
    slowCallDurationThreshold: 1_000,
  });
  return {
    title: 'Closed circuit, the last 10 seconds, with slow calls',
    note: 'Ours and mollitia time each call and count slow ones; cockatiel and opossum count failures only.',
    pace: 'awaited',
    unit: '×',
    contestants: [
      bare,
      { name: '`breaker.call(fn)`', goal: 3.7, call: () => breaker.call(one) },
      {
        name: 'the bare function and two readings of the clock',
        call: () => {
          const start = now();
          return one().then((value) => (now() >= start ? value : 0));
        },
      },
      { name: 'floor: two readings of the clock and an atomic write', call: () => floor(one) },
      { name: 'cockatiel, SamplingBreaker', call: () => policy.execute(one) },
      { name: 'opossum', call: () => opossum.fire() },
      { name: 'mollitia, SlidingTimeBreaker', call: () => mollitia.execute<number>() },
    ],
  };
}
