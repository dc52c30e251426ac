import library from 'got';
import type { HttpClient } from '../client.js';

export const got: HttpClient = {
  name: 'got',
  connect: (url) => {
    const client = library.extend({ retry: { limit: 0 }, followRedirect: false });
    return {
      ask: ({ signal, timeout } = {}) =>
        client(url, { timeout: { request: timeout }, ...(signal && { signal }) }).json(),
      upload: (body) => client.post(url, { body }).json(),
    };
  },
};
