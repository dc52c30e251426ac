import { tryRead } from '../errors/attempt.js';

/**
 * How long an HTTP answer asks to be left alone, in ms: the `Retry-After` of an error, of a response, or of the `response` of either.
 * Headers may be a `Headers`, a `Map`, or a plain object with names in any case. Undefined where there is none that can be
 * understood; 0 for a date that has passed.
 *
 * Source: RFC 9110, 10.2.3 (seconds or a date) and 5.6.7 (the three ways to write a date).
 *
 * @param source whatever was thrown or returned
 * @param now the time of the wall clock, in epoch ms; dates are counted from it
 */
export function retryAfterOf(source: unknown, now: number): number | undefined {
  for (const holder of [source, fieldOf(source, 'response')]) {
    const value = headerOf(fieldOf(holder, 'headers'));
    const ms = value === undefined ? undefined : parseRetryAfter(value, now);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** The value of a `Retry-After` header in ms from now; undefined where it says nothing. */
export function parseRetryAfter(value: string, now: number): number | undefined {
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = parseDate(text, now);
  return date === undefined ? undefined : Math.max(0, date - now);
}

const NAME = 'retry-after';

function headerOf(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  return textOf(tryRead(() => namedIn(headers)));
}

function namedIn(headers: object): unknown {
  const { get, entries } = headers as { get?: unknown; entries?: unknown };
  // A Map knows case, a Headers does not.
  if (typeof get === 'function') {
    const value = (get as (name: string) => unknown).call(headers, NAME);
    if (value !== undefined && value !== null) return value;
  }
  const pairs =
    typeof entries === 'function'
      ? (entries as () => Iterable<readonly [unknown, unknown]>).call(headers)
      : Object.entries(headers);
  for (const [name, value] of pairs)
    if (typeof name === 'string' && name.toLowerCase() === NAME) return value;
  return undefined;
}

/** A header may come as a number, or once for each time that it was sent. */
function textOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'number') return String(first);
  return typeof first === 'string' ? first : undefined;
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

function fieldOf(owner: unknown, name: string): unknown {
  if (typeof owner !== 'object' || owner === null) return undefined;
  return tryRead(() => (owner as Record<string, unknown>)[name]);
}
