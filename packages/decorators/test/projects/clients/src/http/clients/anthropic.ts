import Anthropic from '@anthropic-ai/sdk';
import type { HttpClient } from '../client.js';

export const anthropic: HttpClient = {
  name: 'anthropic',
  connect: (baseURL) => {
    const client = new Anthropic({
      apiKey: 'x',
      baseURL,
      maxRetries: 0,
      fetchOptions: { redirect: 'manual' },
    });
    return {
      ask: ({ signal, timeout } = {}) =>
        client.messages.create(
          { model: 'x', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] },
          { ...(signal && { signal }), ...(timeout && { timeout }) },
        ),
    };
  },
};
