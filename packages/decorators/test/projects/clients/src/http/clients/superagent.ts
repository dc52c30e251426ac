import library from 'superagent';
import type { HttpClient } from '../client.js';

export const superagent: HttpClient = {
  name: 'superagent',
  connect: (url) => ({
    ask: ({ signal, timeout } = {}) => {
      const request = library.get(url).redirects(0);
      if (timeout !== undefined) request.timeout(timeout);
      // It knows no signals.
      if (signal?.aborted === true) request.abort();
      const abort = () => {
        // Not the listener's result: Node awaits that, and superagent's requests are thenables.
        request.abort();
      };
      signal?.addEventListener('abort', abort, { once: true });
      return request;
    },
  }),
};
