import { describe, expect, it } from '@jest/globals';
import { attemptsOf, type RetryPolicy, SwitchgearError, withRetry } from '@switchgear/core';
import { markError } from '@switchgear/core/kit';
import fc from 'fast-check';
import { parseRetryAfter } from '../../src/failure/moment.js';
import { retryAfterOf } from '../../src/failure/retry-after-of.js';
import { rejectionOf } from '../support/attempts-to-make.js';
import { JumpingClock } from '../support/jumping-clock.js';

const now = Date.UTC(1994, 10, 6, 8, 49, 0);

describe('a Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['1.5', 1_500],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
  ])('of %p is understood', (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });

  it.each(
    ['', '-1', 'soon', '1e3', '0x10', '2030', 'Sun, 06 Foo 1994 08:49:37 GMT', '06 Nov 1994', '∞'].filter(
      (v) => v !== '2030',
    ),
  )('of %p says nothing', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });

  it('of any date is understood to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (seconds) => {
        return parseRetryAfter(new Date(seconds * 1_000).toUTCString(), 0) === seconds * 1_000;
      }),
    );
  }, 30_000);

  it('of a year of two digits lies at most 50 years ahead', () => {
    const at2030 = Date.UTC(2030, 0, 1);
    expect(parseRetryAfter('Tuesday, 01-Jan-80 00:00:00 GMT', at2030)).toBe(Date.UTC(2080, 0, 1) - at2030);
    expect(parseRetryAfter('Thursday, 01-Jan-81 00:00:00 GMT', at2030)).toBe(0);
  });
});

describe('the header is found in', () => {
  it.each<[string, unknown]>([
    ['Headers', { headers: new Headers({ 'Retry-After': '7' }) }],
    ['a Map', { headers: new Map([['Retry-After', '7']]) }],
    ['a plain object', { headers: { 'retry-after': '7' } }],
    ['a plain object in any case', { headers: { 'RETRY-AFTER': '7' } }],
    ['a number', { headers: { 'retry-after': 7 } }],
    ['a list', { headers: { 'retry-after': ['7', '9'] } }],
    [
      'the response of an error',
      Object.assign(new Error(), { response: { headers: { 'Retry-After': '7' } } }),
    ],
    ['an error', Object.assign(new Error(), { headers: new Headers({ 'Retry-After': '7' }) })],
    ['a Response', new Response(null, { status: 503, headers: { 'Retry-After': '7' } })],
  ])('%s', (_, source) => {
    expect(retryAfterOf(source, now)).toBe(7_000);
  });

  it.each<[string, unknown]>([
    ['an error without headers', new Error('down')],
    ['headers without it', { headers: new Headers() }],
    ['headers that are none', { headers: 'retry-after: 7' }],
    ['a text', 'retry-after: 7'],
    ['nothing', undefined],
    [
      'a getter that throws',
      {
        get headers() {
          throw new Error('no');
        },
      },
    ],
    [
      'headers that throw',
      {
        headers: {
          get() {
            throw new Error('no');
          },
        },
      },
    ],
  ])('nothing such as %s', (_, source) => {
    expect(retryAfterOf(source, now)).toBeUndefined();
  });
});

/** Calls what is busy and says until when. */
async function busy(value: string, policy: RetryPolicy = {}) {
  const clock = new JumpingClock();
  const error = Object.assign(new Error('busy'), { status: 503, headers: { 'retry-after': value } });
  const attempt = async (): Promise<never> => {
    throw error;
  };
  const options = { clock, random: () => 0.5, wallClock: () => now };
  await rejectionOf(withRetry({ maxRetries: 1, ...policy }, options)(attempt)());
  return { waited: clock.sleeps, gaveUp: attemptsOf(error)?.gaveUp };
}

describe('a retry', () => {
  it('waits as long as a Retry-After in seconds says', async () => {
    expect((await busy('2')).waited).toEqual([2_000]);
  });

  it('waits until the date of a Retry-After, by the wall clock', async () => {
    expect((await busy('Sun, 06 Nov 1994 08:49:02 GMT')).waited).toEqual([2_000]);
  });

  it('waits longer than maxDelay where it is told to', async () => {
    expect((await busy('2', { maxDelay: '1s' })).waited).toEqual([2_000]);
  });

  it('waits no less than without it', async () => {
    expect((await busy('0')).waited).toEqual([50]);
    expect((await busy('1', { initialDelay: '8s' })).waited).toEqual([4_000]);
  });

  it('gives up at once where maxElapsed leaves no time for it', async () => {
    expect(await busy('31')).toEqual({ waited: [], gaveUp: 'no-time-left' });
    expect(await busy('31', { maxElapsed: '31s' })).toEqual({ waited: [31_000], gaveUp: 'no-retries-left' });
  });

  it('gives up at once where a server asks for more than maxRetryAfter', async () => {
    expect(await busy('6', { maxRetryAfter: '5s' })).toEqual({ waited: [], gaveUp: 'retry-after-too-long' });
    expect((await busy('5', { maxRetryAfter: '5s' })).waited).toEqual([5_000]);
  });

  it('waits an hour at most where there is no other limit', async () => {
    expect(await busy('3601', { maxElapsed: Infinity })).toEqual({
      waited: [],
      gaveUp: 'retry-after-too-long',
    });
    expect((await busy('3600', { maxElapsed: Infinity })).waited).toEqual([3_600_000]);
  });

  it('waits longer than an hour where the policy allows it', async () => {
    const policy: RetryPolicy = { maxElapsed: Infinity, maxRetryAfter: '2h' };
    expect((await busy('7200', policy)).waited).toEqual([7_200_000]);
  });

  it('does not take its own delays for what a server asks', async () => {
    expect((await busy('0', { initialDelay: '8s', maxRetryAfter: '1s' })).waited).toEqual([4_000]);
  });

  it('does not mind it where the policy says so', async () => {
    expect((await busy('31', { respectRetryAfter: false })).waited).toEqual([50]);
  });

  it('finds it in a result that retryIf wants tried again', async () => {
    const clock = new JumpingClock();
    const answers = [
      new Response(null, { status: 503, headers: { 'Retry-After': '3' } }),
      new Response('ok'),
    ];
    const guard = withRetry(
      { retryIf: (outcome) => outcome.status === 'succeeded' && (outcome.value as Response).status === 503 },
      { clock },
    );
    await guard(async () => answers.shift())();
    expect(clock.sleeps).toEqual([3_000]);
  });
});

describe('the retryAfter of an error of ours that is no refusal', () => {
  class Overflow extends SwitchgearError {
    readonly code = 'ERR_OVERFLOW';
    readonly retryAfter: unknown;

    constructor(retryAfter: unknown) {
      super('too much');
      this.retryAfter = retryAfter;
    }
  }
  markError(Overflow, { name: 'Overflow', code: 'ERR_OVERFLOW' });

  it.each<[unknown, number]>([
    [2_000, 2_000],
    [-1, 50],
    ['2000', 50],
    [NaN, 50],
    [undefined, 50],
  ])('of %p makes a wait of %d ms', async (retryAfter, waited) => {
    const clock = new JumpingClock();
    const attempt = async (): Promise<never> => {
      throw new Overflow(retryAfter);
    };
    const policy: RetryPolicy = { maxRetries: 1, retryOn: Error };
    await rejectionOf(withRetry(policy, { clock, random: () => 0.5 })(attempt)());
    expect(clock.sleeps).toEqual([waited]);
  });
});
