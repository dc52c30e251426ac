import library from 'axios';
import type { HttpClient } from '../client.js';

export const axios: HttpClient = {
  name: 'axios',
  connect: (url) => {
    // What cannot be parsed is an error only by these two options.
    const client = library.create({
      baseURL: url,
      maxRedirects: 0,
      responseType: 'json',
      transitional: { silentJSONParsing: false },
    });
    return {
      ask: ({ signal, timeout = 0 } = {}) => client.get('/', { timeout, ...(signal && { signal }) }),
      upload: (body) => client.post('/', body),
    };
  },
};
