import type { Fault } from '../../run/fault.js';
import { answered, ignored, lasting, type Outcome, retried } from '../../run/outcome.js';
import { anthropic } from '../clients/anthropic.js';
import { s3 } from '../clients/aws-s3.js';
import { googleStorage } from '../clients/google-storage.js';
import { graphqlRequest } from '../clients/graphql-request.js';
import { openai } from '../clients/openai.js';
import type { HttpClient } from '../client.js';
import { asking } from './scenes.js';

/** The clients of services whose bodies say more than their statuses. */
export const serviceClients: readonly HttpClient[] = [openai, anthropic, s3, googleStorage, graphqlRequest];

/** What one service answers. */
function said(
  service: HttpClient,
  name: string,
  expected: Outcome,
  status: number,
  body: string,
): Fault<HttpClient> {
  const type = body.startsWith('<') ? 'application/xml' : 'application/json';
  return {
    name,
    expected,
    begin: (client) =>
      client === service
        ? asking(client, (request, response) => {
            request.resume();
            request.on('end', () => response.writeHead(status, { 'content-type': type }).end(body));
          })
        : undefined,
  };
}

function openaiSaid(status: number, code: string, expected: Outcome): Fault<HttpClient> {
  const body = JSON.stringify({ error: { message: 'no', type: code, code } });
  return said(openai, `OpenAI ${status} ${code}`, expected, status, body);
}

function anthropicSaid(status: number, type: string, expected: Outcome): Fault<HttpClient> {
  const body = JSON.stringify({ type: 'error', error: { type, message: 'no' } });
  return said(anthropic, `Anthropic ${status} ${type}`, expected, status, body);
}

function s3Said(status: number, code: string, expected: Outcome): Fault<HttpClient> {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
  return said(s3, `S3 ${status} ${code}`, expected, status, body);
}

function googleSaid(status: number, reason: string, expected: Outcome): Fault<HttpClient> {
  const errors = [{ domain: 'usageLimits', reason, message: 'no' }];
  const body = JSON.stringify({ error: { code: status, message: 'no', errors } });
  return said(googleStorage, `Google ${status} ${reason}`, expected, status, body);
}

function graphqlSaid(code: string, expected: Outcome): Fault<HttpClient> {
  const body = JSON.stringify({ errors: [{ message: 'no', extensions: { code } }] });
  return said(graphqlRequest, `GraphQL 200 ${code}`, expected, 200, body);
}

export const serviceFaults: readonly Fault<HttpClient>[] = [
  openaiSaid(429, 'rate_limit_exceeded', retried('overload 429')),
  openaiSaid(429, 'insufficient_quota', lasting('overload 429')),
  anthropicSaid(529, 'overloaded_error', retried('overload 529')),
  s3Said(503, 'SlowDown', retried('overload 503')),
  s3Said(400, 'RequestTimeout', retried('timeout 400')),
  s3Said(403, 'AccessDenied', ignored('denied 403')),
  s3Said(400, 'ExpiredToken', ignored('denied 400')),
  s3Said(404, 'NoSuchBucket', answered('answer 404')),
  s3Said(500, 'InternalError', retried('outage 500')),
  googleSaid(403, 'rateLimitExceeded', retried('overload 403')),
  googleSaid(403, 'dailyLimitExceeded', lasting('overload 403')),
  googleSaid(403, 'forbidden', ignored('denied 403')),
  googleSaid(404, 'notFound', answered('answer 404')),
  graphqlSaid('BAD_USER_INPUT', answered('answer')),
  graphqlSaid('UNAUTHENTICATED', ignored('denied')),
  graphqlSaid('THROTTLED', retried('overload')),
  graphqlSaid('INTERNAL_SERVER_ERROR', retried('outage')),
];
