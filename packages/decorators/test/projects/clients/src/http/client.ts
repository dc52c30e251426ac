import type { Readable } from 'node:stream';
import type { Named } from '../run/fault.js';

export interface Asked {
  readonly signal?: AbortSignal;
  /** The client's own option for the time of one request, in ms. */
  readonly timeout?: number;
}

/** A client of HTTP, its own retries off. */
export interface HttpClient extends Named {
  readonly connect: (url: string) => HttpConnection;
  /** False where the client has no option for the time of a request. */
  readonly hasTimeout?: false;
  /** False where the client takes no AbortSignal. */
  readonly takesSignals?: false;
  /** False where the client follows every redirect. */
  readonly keepsRedirects?: false;
}

export interface HttpConnection {
  readonly ask: (asked?: Asked) => Promise<unknown>;
  /** Sends what can be sent only once; undefined where the client sends none. */
  readonly upload?: (body: Readable) => Promise<unknown>;
  readonly close?: () => unknown;
}
