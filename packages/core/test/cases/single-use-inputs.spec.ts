import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptsOf, type Failed, withRetry } from '@switchgear/core';
import { rejectionOf } from '../support/attempts-to-make.js';

// A stream that an attempt has begun to send is not sent again: the second request would be empty, or lack its beginning.
// Reported as got#1382, fetch-retry#99, anthropic-sdk-typescript#1171.

let server: Server;
let url: string;
/** How many bytes each request brought. */
let received: number[];

/** Reads 2,000 bytes of the first request and answers 503; stores all that comes later. */
beforeEach(async () => {
  received = [];
  server = createServer((incoming, response) => {
    const nth = received.push(0) - 1;
    incoming.on('data', (chunk: Buffer) => {
      received[nth] += chunk.length;
      if (nth === 0 && received[nth] >= 2_000 && !response.headersSent) response.writeHead(503).end();
    });
    incoming.on('end', () => {
      if (!response.headersSent) response.end(`stored ${received[nth]}`);
    });
    incoming.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

class HttpError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

const chunks = () => Array.from({ length: 10 }, () => Buffer.alloc(1_000, 'a'));
const retrying = withRetry({ initialDelay: 1 });

async function fetching(body: unknown): Promise<string> {
  const response = await fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit);
  if (!response.ok) throw new HttpError(response.status);
  return response.text();
}

/** A client that is handed a stream and pipes it, as axios and node-fetch do. */
function piping(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method: 'POST' }, (response) => {
      const { statusCode = 0 } = response;
      if (statusCode >= 300) {
        reject(new HttpError(statusCode));
        return;
      }
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    stream.pipe(outgoing);
  });
}

const axiosLike = {
  post: (_url: string, data: Readable) => piping(data),
  request: ({ data }: { url: string; data: Readable }) => piping(data),
};

describe('a stream that the server read 2,000 bytes of before it answered 503 is not sent again', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['by fetch, as an argument', () => retrying(fetching)(Readable.toWeb(Readable.from(chunks())))],
    [
      'by fetch, in a Request',
      () => {
        const body = new Blob(chunks()).stream();
        const one = new Request(url, { method: 'POST', body, duplex: 'half' });
        return retrying(async (request: Request) => {
          const response = await fetch(request);
          if (!response.ok) throw new HttpError(response.status);
          return response.text();
        })(one);
      },
    ],
    [
      'by fetch, as the body of its options',
      () =>
        retrying(async (options: { body: unknown }) => fetching(options.body))({
          body: new Blob(chunks()).stream(),
        }),
    ],
    ['by http and pipe', () => retrying(piping)(Readable.from(chunks()))],
    ['by a client like axios, as an argument', () => retrying(axiosLike.post)(url, Readable.from(chunks()))],
    [
      'by a client like axios, as the data of its options',
      () => retrying(axiosLike.request)({ url, data: Readable.from(chunks()) }),
    ],
  ])('%s, and the 503 is what the call rejects with', async (_, call) => {
    const error = await rejectionOf(call());
    const [first] = attemptsOf(error)?.outcomes as [Failed];
    expect(first.error).toBe(error);
    expect(error).toMatchObject({ status: 503 });
    expect(attemptsOf(error)).toMatchObject({ count: 1, gaveUp: 'input-used' });
    expect(received).toHaveLength(1);
  });
});

it('a body that can be sent again is', async () => {
  expect(await retrying(fetching)(Buffer.concat(chunks()))).toBe('stored 10000');
  expect(received).toHaveLength(2);
});

it('a stream that nobody has read, since nobody could be reached, is tried again', async () => {
  const stream = new Blob(chunks()).stream();
  let made = 0;
  const send = retrying(async (body: ReadableStream) => {
    if (++made === 1) return fetch('http://127.0.0.1:1/', { method: 'POST', body, duplex: 'half' });
    received.push(0); // the server answers 503 to its first request only
    return fetching(body);
  });
  expect(await send(stream)).toBe('stored 10000');
});
