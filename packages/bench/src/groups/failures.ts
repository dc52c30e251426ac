import { failureOf } from '@switchgear/core';
import { type Contest, hold } from '../contest.js';
import type { Group } from '../contestant.js';

/** The cost of reading what an error says, which a circuit and a retry pay for each failure. */
export const failures: Group = {
  name: 'failures',
  measure: async (effort) => [await hold(readings(), effort)],
};

const plain = new Error('the service is down');
const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:80'), { code: 'ECONNREFUSED' });
const fetchFailed = new TypeError('fetch failed', { cause: refused });
const unavailable = Object.assign(new Error('Request failed with status code 503'), {
  code: 'ERR_BAD_RESPONSE',
  status: 503,
  response: { status: 503, headers: { 'content-type': 'text/plain', 'retry-after': '3' } },
});
const violated = Object.assign(new Error('duplicate key value violates unique constraint'), {
  code: '23505',
  severity: 'ERROR',
  routine: '_bt_check_unique',
});

const read = (error: unknown, kind: string): number => (failureOf(error).kind === kind ? 1 : 0);

function readings(): Contest {
  return {
    title: 'Reading a failure',
    note: '`failureOf(error)`, beside making an error with a stack of ten frames.',
    pace: 'straight',
    unit: 'µs',
    contestants: [
      { name: '`new Error`, ten frames deep', call: () => atDepth(10) },
      { name: 'a plain error', call: () => read(plain, 'unknown') },
      { name: '`fetch failed`, caused by ECONNREFUSED', call: () => read(fetchFailed, 'outage') },
      { name: 'HTTP 503 with `Retry-After`, as of axios', call: () => read(unavailable, 'overload') },
      { name: 'SQLSTATE 23505, as of pg', call: () => read(violated, 'answer') },
    ],
  };
}

function atDepth(depth: number): number {
  return depth === 0 ? (new Error('no').stack === undefined ? 0 : 1) : atDepth(depth - 1);
}
