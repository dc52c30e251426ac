import OpenAI from 'openai';
import type { HttpClient } from '../client.js';

export const openai: HttpClient = {
  name: 'openai',
  connect: (baseURL) => {
    const client = new OpenAI({ apiKey: 'x', baseURL, maxRetries: 0, fetchOptions: { redirect: 'manual' } });
    return {
      ask: ({ signal, timeout } = {}) =>
        client.chat.completions.create(
          { model: 'x', messages: [{ role: 'user', content: 'x' }] },
          { ...(signal && { signal }), ...(timeout && { timeout }) },
        ),
    };
  },
};
