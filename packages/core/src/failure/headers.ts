import { fieldOf, isObject } from '../errors/object-shape.js';
import { type Clues, rareFieldOf } from './clues.js';

/** Headers in any form: of an error, of its response, of a Boom. The metadata of gRPC counts as headers too. */
export type Headers = readonly object[];

const NONE: Headers = Object.freeze([]);

export function headersOf(clues: Clues): Headers {
  const { headers, response, $response, output, metadata } = clues;
  let found = withHeaders(undefined, headers);
  if (isObject(response)) found = withHeaders(found, fieldOf(response, 'headers'));
  if (isObject($response)) found = withHeaders(found, fieldOf($response, 'headers'));
  if (isObject(output)) found = withHeaders(found, fieldOf(output, 'headers'));
  if (isObject(metadata)) found = withHeaders(found, metadata);
  // Vercel's AI SDK.
  if (clues.hasRare) found = withHeaders(found, rareFieldOf(clues, 'responseHeaders'));
  return found ?? NONE;
}

function withHeaders(found: object[] | undefined, headers: unknown): object[] | undefined {
  if (!isObject(headers) || found?.includes(headers) === true || saysNothing(headers)) return found;
  return found === undefined ? [headers] : [...found, headers];
}

/** Matches the beginning of every header name that this folder looks for. */
const ASKED =
  /^(retry-after|x-(ms-|amz-)?retry-after|x-should-retry|stripe-should-retry|(x-)?rate-?limit|grpc-)/i;

/** Whether a plain object of headers has none of the names that this folder looks for. Most have none, so look once. */
function saysNothing(headers: object): boolean {
  try {
    if (Array.isArray(headers)) return false;
    const names = Object.keys(headers);
    if (names.length === 0 || !isValue((headers as Fields)[names[0]])) return false;
    for (const name of names) if (ASKED.test(name)) return false;
    return true;
  } catch {
    return false;
  }
}

/**
 * The value of a header, the first one where it was sent more than once.
 *
 * @param name in lower case
 */
export function headerOf(all: Headers, name: string): string | undefined {
  for (const headers of all) {
    const value = valueIn(headers, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function valueIn(headers: object, name: string): string | undefined {
  try {
    if (Array.isArray(headers)) return inList(headers, name);
    const names = Object.keys(headers);
    // Headers of Node, of AWS and of axios: the names are the object's own.
    if (names.length > 0 && isValue((headers as Fields)[names[0]])) return inObject(headers, names, name);
    const { get, append } = headers as { get?: unknown; append?: unknown };
    if (typeof get !== 'function') return inObject(headers, names, name);
    const value = textOf((get as (name: string) => unknown).call(headers, name));
    // A Map minds the case of its keys. A Headers does not, and is known by its `append`.
    return value === undefined && typeof append !== 'function' ? inMap(headers, name) : value;
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function inObject(headers: object, names: readonly string[], name: string): string | undefined {
  for (const one of names) if (isName(one, name)) return textOf((headers as Fields)[one]);
  return undefined;
}

/** More headers than any server sends; an iterator of a hostile object may have no end. */
const MOST = 500;

function inMap(headers: object, name: string): string | undefined {
  const { entries } = headers as { entries?: unknown };
  if (typeof entries !== 'function') return undefined;
  let left = MOST;
  for (const pair of (entries as () => Iterable<unknown>).call(headers)) {
    if (Array.isArray(pair) && isName(pair[0], name)) return textOf(pair[1]);
    if (--left === 0) break;
  }
  return undefined;
}

/** Pairs, or names and values in turn as in `rawHeaders`. */
function inList(headers: readonly unknown[], name: string): string | undefined {
  const length = Math.min(headers.length, 2 * MOST);
  if (Array.isArray(headers[0])) {
    for (let i = 0; i < length; i++) {
      const pair: unknown = headers[i];
      if (Array.isArray(pair) && isName(pair[0], name)) return textOf(pair[1]);
    }
    return undefined;
  }
  for (let i = 0; i + 1 < length; i += 2) if (isName(headers[i], name)) return textOf(headers[i + 1]);
  return undefined;
}

function isName(value: unknown, name: string): boolean {
  if (typeof value !== 'string' || value.length !== name.length) return false;
  return value === name || value.toLowerCase() === name;
}

function isValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'number') return String(first);
  return typeof first === 'string' ? first : undefined;
}
