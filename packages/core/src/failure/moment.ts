import { tryRead } from '../errors/try-read.js';

/** The wall clock in epoch ms, or a way to read it: it is asked only where an error names a date. */
export type Epoch = number | (() => number);

export function readEpoch(epoch: Epoch | undefined): number | undefined {
  return typeof epoch === 'function' ? tryRead(epoch) : epoch;
}

/** A server may name any number; waits are counted in numbers that are whole to the millisecond. */
const LONGEST = Number.MAX_SAFE_INTEGER;

/** @returns undefined if the number is negative or NaN */
export function waitOf(ms: number): number | undefined {
  return ms >= 0 ? Math.min(Math.round(ms), LONGEST) : undefined;
}

/**
 * The value of a `Retry-After` header in ms from now: seconds, also fractions of them, or a date. 0 for a date that has
 * passed; undefined where it says nothing that can be understood, and for a date where the time is not known.
 *
 * Source: RFC 9110, 10.2.3 (seconds or a date) and 5.6.7 (the three ways to write a date). Fractions are no part of it,
 * but servers send them.
 *
 * @param value the header's text
 * @param epoch the wall clock, from which dates are counted
 */
export function parseRetryAfter(value: string, epoch: Epoch | undefined): number | undefined {
  const text = value.trim();
  // Headers that were sent twice come joined by a comma.
  const seconds = /^(\d+(?:\.\d+)?)(?:\s*,|$)/.exec(text)?.[1];
  if (seconds !== undefined) return waitOf(Number(seconds) * 1_000);
  return untilDate(text, epoch);
}

/** Ms until a date in one of the forms of HTTP, or in ISO 8601. */
export function untilDate(text: string, epoch: Epoch | undefined): number | undefined {
  if (text.length < 20 || text.length > 40) return undefined;
  const now = readEpoch(epoch);
  if (now === undefined) return undefined;
  const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : parseDate(text, now);
  return date === undefined || Number.isNaN(date) ? undefined : waitOf(Math.max(0, date - now));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const TIME = '(?<time>\\d{2}:\\d{2}:\\d{2})';
const FORMATS = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^\\w{3}, (?<day>\\d{2}) (?<month>\\w{3}) (?<year>\\d{4}) ${TIME} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^\\w{6,9}, (?<day>\\d{2})-(?<month>\\w{3})-(?<year>\\d{2}) ${TIME} GMT$`),
  // asctime, in GMT as well: Sun Nov  6 08:49:37 1994
  new RegExp(`^\\w{3} (?<month>\\w{3}) (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/** Not by `Date.parse`: that reads an asctime date as local time, and as dates much that is none. */
function parseDate(text: string, now: number): number | undefined {
  for (const format of FORMATS) {
    const { day = '', month = '', year = '', time = '' } = format.exec(text)?.groups ?? {};
    if (!MONTHS.includes(month)) continue;
    const [hours, minutes, seconds] = time.split(':').map(Number);
    const at = (full: number) => Date.UTC(full, MONTHS.indexOf(month), Number(day), hours, minutes, seconds);
    if (year.length === 4) return at(Number(year));
    // RFC 9110, 5.6.7: a year of two digits that seems to be more than 50 years ahead is of the century before.
    const thisYear = new Date(now).getUTCFullYear();
    const full = thisYear - (thisYear % 100) + Number(year);
    return at(full > thisYear + 50 ? full - 100 : full);
  }
  return undefined;
}
