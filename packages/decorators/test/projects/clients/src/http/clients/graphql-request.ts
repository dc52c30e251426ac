import { GraphQLClient } from 'graphql-request';
import type { HttpClient } from '../client.js';

export const graphqlRequest: HttpClient = {
  name: 'graphql-request',
  hasTimeout: false,
  connect: (url) => ({
    ask: ({ signal } = {}) =>
      new GraphQLClient(url, { redirect: 'manual', signal } as object).request('{ a }'),
  }),
};
