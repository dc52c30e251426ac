import { Readable } from 'node:stream';
import * as resolving from '../../lines/resolving.js';
import { answered } from '../../run/outcome.js';
import type { HttpClient, HttpConnection } from '../client.js';

/** As most write it: what is not good is thrown, with the response on the error. */
async function load(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { response });
  return response.json();
}

const streamed = (body: Readable): RequestInit => ({
  method: 'POST',
  body: Readable.toWeb(body) as RequestInit['body'] & object,
  duplex: 'half',
});

export const fetchThatThrows: HttpClient = {
  name: 'fetch, throws',
  hasTimeout: false,
  connect: (url): HttpConnection => ({
    ask: ({ signal } = {}) => load(url, { signal: signal ?? null }),
    upload: (body) => load(url, streamed(body)),
  }),
};

/** Hands every response on, and reads the good ones: the policies are told which results are failures. */
export const fetchThatResolves: HttpClient = {
  name: 'fetch, resolves',
  hasTimeout: false,
  lines: resolving,
  expects: ({ gaveUp, ...expected }) => {
    const { got, counted } = expected;
    const status = /^(answer|denied|overload|outage) (\d+)$/.exec(got)?.[2];
    if (status === undefined) return { ...expected, ...(gaveUp && { gaveUp }) };
    const result = `a result, ${status}`;
    // An answer is a success, denied or not, and is tried again only where the user says so.
    return counted.failed > 0 ? { ...expected, got: result } : answered(result);
  },
  connect: (url): HttpConnection => {
    const ask = async (init: RequestInit): Promise<unknown> => {
      const response = await fetch(url, { redirect: 'manual', ...init });
      return response.ok ? response.json() : response;
    };
    return {
      ask: ({ signal } = {}) => ask({ signal: signal ?? null }),
      upload: (body) => ask(streamed(body)),
    };
  },
};
