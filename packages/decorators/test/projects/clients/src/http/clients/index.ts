import type { HttpClient } from '../client.js';
import { anthropic } from './anthropic.js';
import { s3 } from './aws-s3.js';
import { axios } from './axios.js';
import { fetchThatResolves, fetchThatThrows } from './fetch.js';
import { googleStorage } from './google-storage.js';
import { got } from './got.js';
import { graphqlRequest } from './graphql-request.js';
import { ky } from './ky.js';
import { nodeFetch } from './node-fetch.js';
import { octokit } from './octokit.js';
import { openai } from './openai.js';
import { superagent } from './superagent.js';
import { undici } from './undici.js';

export const httpClients: readonly HttpClient[] = [
  fetchThatResolves,
  fetchThatThrows,
  undici,
  axios,
  got,
  ky,
  nodeFetch,
  superagent,
  openai,
  anthropic,
  s3,
  googleStorage,
  octokit,
  graphqlRequest,
];
