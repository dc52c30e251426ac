import fetch, { type RequestInit } from 'node-fetch';
import type { HttpClient } from '../client.js';

export const nodeFetch: HttpClient = {
  name: 'node-fetch',
  hasTimeout: false,
  connect: (url) => {
    const load = async (init: RequestInit): Promise<unknown> => {
      const response = await fetch(url, { redirect: 'manual', ...init });
      if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { response });
      return response.json();
    };
    return {
      ask: ({ signal } = {}) => load({ signal: signal ?? null }),
      upload: (body) => load({ method: 'POST', body }),
    };
  },
};
