import { Readable } from 'node:stream';
import library from 'ky';
import type { HttpClient } from '../client.js';

export const ky: HttpClient = {
  name: 'ky',
  connect: (url) => {
    const client = library.create({ retry: 0, redirect: 'manual' });
    return {
      ask: ({ signal, timeout } = {}) =>
        client(url, { ...(signal && { signal }), ...(timeout && { timeout }) }).json(),
      upload: (body) => client.post(url, { body: Readable.toWeb(body), duplex: 'half' } as object).json(),
    };
  },
};
