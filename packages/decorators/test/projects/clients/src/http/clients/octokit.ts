import { request } from '@octokit/request';
import type { HttpClient } from '../client.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export const octokit: HttpClient = {
  name: 'octokit',
  hasTimeout: false,
  connect: (baseUrl) => ({
    ask: ({ signal } = {}) =>
      request('GET /x', {
        baseUrl,
        request: {
          redirect: 'manual',
          log: silent,
          signal,
        },
      }),
  }),
};
