import type { Fault } from '../../run/fault.js';
import { answered, ignored, lasting, type Outcome, recovered, retried } from '../../run/outcome.js';
import type { HttpClient } from '../client.js';
import { answerWith } from '../server.js';
import { asking } from './scenes.js';

function status(code: number, expected: (got: string) => Outcome, kind: string): Fault<HttpClient> {
  const headers = code === 302 ? { location: '/elsewhere' } : {};
  return {
    name: String(code),
    expected: expected(`${kind} ${code}`),
    begin: (client) =>
      code === 302 && client.keepsRedirects === false ? undefined : asking(client, answerWith(code, headers)),
  };
}

/** Statuses that say nothing of when to come again. Redirects are not followed. */
export const statusFaults: readonly Fault<HttpClient>[] = [
  ...[302, 304, 400, 404, 409, 410, 413, 422].map((code) => status(code, answered, 'answer')),
  ...[401, 403, 407].map((code) => status(code, ignored, 'denied')),
  ...[408, 429].map((code) => status(code, retried, 'overload')),
  ...[500, 502, 503, 504].map((code) => status(code, retried, 'outage')),
  status(501, lasting, 'outage'),
  {
    name: '503 twice, then 200',
    expected: recovered(),
    begin: (client) =>
      asking(client, (request, response, count) =>
        answerWith(count < 3 ? 503 : 200)(request, response, count),
      ),
  },
];
