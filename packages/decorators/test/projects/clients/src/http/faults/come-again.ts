import type { OutgoingHttpHeaders } from 'node:http';
import type { Fault } from '../../run/fault.js';
import { NOW } from '../../run/measure.js';
import { contended, lasting, type Outcome, retried } from '../../run/outcome.js';
import type { HttpClient } from '../client.js';
import { answerWith } from '../server.js';
import { asking } from './scenes.js';

const at = (ms: number) => new Date(NOW + ms).toUTCString();
/** Thu, 01 Jan 2030 00:00:03 GMT as in RFC 850: Thursday, 01-Jan-30 00:00:03 GMT. */
const at850 = (ms: number) => at(ms).replace(/^\w+, (\d\d) (\w+) \d\d(\d\d)/, 'Tuesday, $1-$2-$3');
const seconds = NOW / 1_000;

function again(status: number, headers: OutgoingHttpHeaders, expected: Outcome): Fault<HttpClient> {
  const said = Object.entries(headers).map(([name, value]) => `${name}: ${shown(String(value))}`);
  return {
    name: `${status}, ${said.join(', ')}`,
    expected,
    begin: (client) => asking(client, answerWith(status, headers)),
  };
}

/** Dates and moments of the run in words. */
function shown(value: string): string {
  if (value.includes('-Jan-')) return 'a date as in RFC 850';
  if (/GMT$/.test(value)) return Date.parse(value) < NOW ? 'a date that has passed' : 'a date';
  return /^1893\d{6}$/.test(value) ? 'epoch seconds' : value;
}

const overload = (status: number, wait: number) => retried(`overload ${status}`, wait);

/** Every kind of "come again". */
export const comeAgainFaults: readonly Fault<HttpClient>[] = [
  again(503, { 'retry-after': '3' }, overload(503, 3_000)),
  again(429, { 'retry-after': '3' }, overload(429, 3_000)),
  again(429, { 'retry-after': '1.5' }, overload(429, 1_500)),
  again(503, { 'retry-after': at(5_000) }, overload(503, 5_000)),
  again(503, { 'retry-after': at850(5_000) }, overload(503, 5_000)),
  again(503, { 'retry-after': at(-5_000) }, overload(503, 0)),
  again(503, { 'retry-after': 'soon' }, retried('outage 503')),
  again(503, { 'retry-after': '86400' }, { ...lasting('overload 503'), gaveUp: 'retry-after-too-long' }),
  again(429, { 'retry-after-ms': '1500' }, overload(429, 1_500)),
  again(503, { 'x-ms-retry-after-ms': '1500' }, overload(503, 1_500)),
  again(413, { 'retry-after': '3' }, overload(413, 3_000)),
  again(403, { 'retry-after': '3' }, overload(403, 3_000)),
  again(
    403,
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds + 4) },
    overload(403, 4_000),
  ),
  again(429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1.5' }, overload(429, 1_500)),
  again(429, { 'ratelimit-remaining': '0', 'ratelimit-reset': '4' }, overload(429, 4_000)),
  again(429, { ratelimit: '"default";r=0;t=4' }, overload(429, 4_000)),
  again(503, { 'x-should-retry': 'false' }, lasting('outage 503')),
  again(409, { 'x-should-retry': 'true' }, contended('answer 409')),
];
