import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failureOf } from '../../src/failure/failure-of.js';
import { parseRetryAfter } from '../../src/failure/moment.js';
import { retryAfterOf } from '../../src/failure/retry-after-of.js';
import { errorWith } from './made-errors.js';

const now = Date.UTC(1994, 10, 6, 8, 49, 0);

describe('a Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['1.5', 1_500],
    ['0.25', 250],
    ['7, 9', 7_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
    ['1994-11-06T08:49:37Z', 37_000],
  ])('of %p is understood', (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });

  it.each([
    '',
    '-1',
    '1.',
    '.5',
    'soon',
    '1e3',
    '0x10',
    '1 s',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    '06 Nov 1994',
    '∞',
  ])('of %p says nothing', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });

  it('of any date is understood to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (seconds) => {
        return parseRetryAfter(new Date(seconds * 1_000).toUTCString(), 0) === seconds * 1_000;
      }),
    );
  });

  it('of a year of two digits lies at most 50 years ahead', () => {
    const at2030 = Date.UTC(2030, 0, 1);
    expect(parseRetryAfter('Tuesday, 01-Jan-80 00:00:00 GMT', at2030)).toBe(Date.UTC(2080, 0, 1) - at2030);
    expect(parseRetryAfter('Thursday, 01-Jan-81 00:00:00 GMT', at2030)).toBe(0);
  });

  it('of more than a number can count is finite', () => {
    expect(parseRetryAfter('9'.repeat(400), now)).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('the clock', () => {
  const date = errorWith({ status: 503, headers: { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' } });
  let readings = 0;
  const clock = () => {
    readings++;
    return now;
  };

  it('is read for a date', () => {
    expect(failureOf(date, clock)).toMatchObject({ kind: 'overload', retryAfter: 37_000 });
    expect(readings).toBe(1);
  });

  it('is not read for seconds', () => {
    readings = 0;
    expect(failureOf(errorWith({ status: 503, headers: { 'retry-after': '3' } }), clock).retryAfter).toBe(
      3_000,
    );
    expect(readings).toBe(0);
  });

  it('is not needed to know that there was too much to do', () => {
    expect(failureOf(date)).toMatchObject({ kind: 'overload', retryAfter: undefined, transient: true });
  });
});

/** The headers of axios: the names are its own fields, and `get` minds no case. */
class AxiosHeaders {
  [name: string]: unknown;

  get(name: string): unknown {
    return this[name.toLowerCase()];
  }
}

describe('the header is found in', () => {
  it.each<[string, unknown]>([
    ['Headers', { headers: new Headers({ 'Retry-After': '7' }) }],
    ['a Map', { headers: new Map([['retry-after', '7']]) }],
    ['a Map that minds the case', { headers: new Map([['Retry-After', '7']]) }],
    ['a plain object', { headers: { date: 'x', 'retry-after': '7' } }],
    ['a plain object in any case', { headers: { 'RETRY-AFTER': '7' } }],
    ['a number', { headers: { 'retry-after': 7 } }],
    ['a list', { headers: { 'retry-after': ['7', '9'] } }],
    [
      'an object without a prototype',
      { headers: Object.assign(Object.create(null) as object, { 'retry-after': '7' }) },
    ],
    [
      'pairs',
      {
        headers: [
          ['Date', 'x'],
          ['Retry-After', '7'],
        ],
      },
    ],
    ['names and values in turn', { headers: ['Date', 'x', 'Retry-After', '7'] }],
    ['headers of axios', { headers: Object.assign(new AxiosHeaders(), { date: 'x', 'retry-after': '7' }) }],
    ['headers with get alone', { headers: { get: (name: string) => (name === 'retry-after' ? '7' : null) } }],
    ['an error', errorWith({ headers: new Headers({ 'Retry-After': '7' }) })],
    ['the response of an error', errorWith({ response: { headers: { 'Retry-After': '7' } } })],
    ['the response of AWS', errorWith({ $response: { statusCode: 503, headers: { 'retry-after': 7 } } })],
    ['the output of a Boom', errorWith({ isBoom: true, output: { headers: { 'Retry-After': '7' } } })],
    ['the responseHeaders of the AI SDK', errorWith({ responseHeaders: { 'retry-after': '7' } })],
    ['the cause', new Error('', { cause: errorWith({ headers: { 'retry-after': '7' } }) })],
    [
      'the cause of an error with a status',
      errorWith({ status: 429, cause: { headers: { 'retry-after': '7' } } }),
    ],
    ['a Response', new Response(null, { status: 503, headers: { 'Retry-After': '7' } })],
    ['a Response that was good', new Response(null, { headers: { 'Retry-After': '7' } })],
  ])('%s', (_, source) => {
    expect(retryAfterOf(source, now)).toBe(7_000);
  });

  it.each<[string, unknown]>([
    ['an error without headers', new Error('down')],
    ['headers without it', { headers: new Headers() }],
    ['headers with others', { headers: { date: 'x', 'retry-before': '7' } }],
    ['headers that are none', { headers: 'retry-after: 7' }],
    ['a text', 'retry-after: 7'],
    ['nothing', undefined],
  ])('nothing such as %s', (_, source) => {
    expect(retryAfterOf(source, now)).toBeUndefined();
  });
});

const headers = (fields: Record<string, string>, status = 429) => errorWith({ status, headers: fields });

describe('other headers say it too', () => {
  it.each<[string, Record<string, string>, number]>([
    ['in milliseconds, as OpenAI', { 'retry-after-ms': '1234.5', 'retry-after': '2' }, 1_235],
    ['in milliseconds, as Azure', { 'x-ms-retry-after-ms': '120' }, 120],
    ['in milliseconds, as AWS', { 'x-amz-retry-after': '80' }, 80],
    [
      'as the epoch of a reset, as GitHub',
      { 'x-ratelimit-reset': String(now / 1_000 + 60 + 1e9) },
      1e12 + 60_000,
    ],
    ['as the ms of a reset', { 'x-ratelimit-reset': String(now + 1e12) }, 1e12],
    ['as the seconds to a reset', { 'ratelimit-reset': '30' }, 30_000],
    ['as the fraction to a reset, as Discord', { 'x-ratelimit-reset-after': '0.35' }, 350],
    ['as the date of a reset', { 'x-ratelimit-reset': '1994-11-06T08:49:37Z' }, 37_000],
    ['in one header, draft 7', { ratelimit: 'limit=10, remaining=0, reset=5' }, 5_000],
    ['in one header, draft 8', { ratelimit: '"default";r=0;t=5' }, 5_000],
  ])('%s', (_, fields, ms) => {
    expect(failureOf(headers(fields), now)).toMatchObject({ kind: 'overload', retryAfter: ms });
  });

  it('a reset that has passed is 0', () => {
    const error = headers({ 'x-ratelimit-reset': '1700000000' });
    expect(failureOf(error, 1_800_000_000_000).retryAfter).toBe(0);
  });
});

describe('whatever its status, it is overload', () => {
  it.each<[string, Error, number | undefined]>([
    ['503 with Retry-After', headers({ 'retry-after': '3' }, 503), 3_000],
    ['403 with Retry-After', headers({ 'retry-after': '3' }, 403), 3_000],
    ['403 with a quota that is used up', headers({ 'x-ratelimit-remaining': '0' }, 403), undefined],
    [
      '403 of GitHub',
      headers({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1700000060' }, 403),
      60_000,
    ],
    [
      '400 with a quota that is used up',
      headers({ 'ratelimit-remaining': '0', 'ratelimit-reset': '2' }, 400),
      2_000,
    ],
    ['an error without a status', errorWith({ headers: { 'retry-after': '3' } }), 3_000],
  ])('%s', (_, error, retryAfter) => {
    expect(failureOf(error, 1_700_000_000_000)).toMatchObject({
      kind: 'overload',
      transient: true,
      retryAfter,
    });
  });

  it.each<[string, Error, string]>([
    ['a quota with something left', headers({ 'x-ratelimit-remaining': '1' }, 403), 'denied'],
    ['a reset beside it', headers({ 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': '5' }, 404), 'answer'],
    ['a Retry-After that says nothing', headers({ 'retry-after': 'soon' }, 404), 'answer'],
  ])('but not for %s', (_, error, kind) => {
    expect(failureOf(error, now)).toMatchObject({ kind, transient: false, retryAfter: undefined });
  });
});

describe('a field of an SDK says it', () => {
  it.each<[string, unknown, number]>([
    ['in seconds, as Slack', errorWith({ code: 'slack_webapi_rate_limited_error', retryAfter: 30 }), 30_000],
    ['in seconds, as retryAfterSeconds', errorWith({ retryAfterSeconds: 2 }), 2_000],
    ['in seconds, as Telegram', errorWith({ error_code: 429, parameters: { retry_after: 5 } }), 5_000],
    [
      'in seconds, as Telegraf',
      errorWith({ response: { error_code: 429, parameters: { retry_after: 5 } } }),
      5_000,
    ],
    ['in seconds, as the body of Discord', errorWith({ status: 429, rawError: { retry_after: 0.3 } }), 300],
    ['in milliseconds, as discord.js', errorWith({ timeToReset: 300, retryAfter: 350, limit: 5 }), 350],
    ['in milliseconds, as Cosmos', errorWith({ code: 429, retryAfterInMs: 40, headers: {} }), 40],
    ['in milliseconds, as rate-limiter-flexible', { msBeforeNext: 90, remainingPoints: 0 }, 90],
    ['as a date, as the AWS SDK', errorWith({ retryAfterHint: new Date(now + 3_000) }), 3_000],
    ['as text, as a header', errorWith({ retryAfter: '4' }), 4_000],
  ])('%s', (_, error, ms) => {
    expect(failureOf(error, now)).toMatchObject({ kind: 'overload', transient: true, retryAfter: ms });
  });

  it.each([0, -1, NaN, null, '', 'soon', true, {}])('unless it is %p', (retryAfter) => {
    expect(failureOf(errorWith({ retryAfter }), now)).toMatchObject({
      kind: 'unknown',
      retryAfter: undefined,
    });
  });
});

it('what an error says itself comes before what its cause says', () => {
  const cause = errorWith({ status: 503, retryAfter: 9 });
  expect(failureOf(errorWith({ status: 429, retryAfter: 5, cause }))).toMatchObject({
    kind: 'overload',
    status: 429,
    retryAfter: 5_000,
  });
  expect(failureOf(errorWith({ status: 429, cause }))).toMatchObject({ status: 429, retryAfter: 9_000 });
  expect(failureOf(errorWith({ status: 500, cause }))).toMatchObject({ kind: 'overload', status: 500 });
});

it('an abort and a timeout stay what they are', () => {
  const fields = { headers: { 'retry-after': '3' } };
  expect(failureOf(errorWith({ name: 'AbortError', ...fields }))).toMatchObject({
    kind: 'abort',
    transient: false,
  });
  expect(failureOf(errorWith({ name: 'TimeoutError', ...fields })).kind).toBe('timeout');
});
