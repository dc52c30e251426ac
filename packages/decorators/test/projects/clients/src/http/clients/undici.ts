import { Agent, interceptors, request } from 'undici';
import type { HttpClient } from '../client.js';

export const undici: HttpClient = {
  name: 'undici',
  connect: (url) => {
    const agent = new Agent();
    // Without it every status is a result; with it 3xx still are.
    const dispatcher = agent.compose(interceptors.responseError());
    const json = async (options: Parameters<typeof request>[1]): Promise<unknown> => {
      const { statusCode, body } = await request(url, { dispatcher, ...options });
      return statusCode < 300 ? body.json() : body.dump();
    };
    return {
      ask: ({ signal, timeout } = {}) =>
        json({
          ...(signal === undefined ? {} : { signal }),
          ...(timeout === undefined ? {} : { headersTimeout: timeout, bodyTimeout: timeout }),
        }),
      upload: (body) => json({ method: 'POST', body }),
      close: () => agent.destroy(),
    };
  },
};
