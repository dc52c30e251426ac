import { freePort } from '../http/server.js';
import type { Fault } from '../run/fault.js';
import { answered, contended, ignored, type Outcome, retried } from '../run/outcome.js';
import { accept, type Connection } from '../tcp/server.js';
import type { MongodbClient } from './client.js';
import { speakMongodb } from './server.js';

type How = Parameters<MongodbClient['insert']>[1];

function served(
  name: string,
  expected: Outcome,
  behave: (connection: Connection) => void,
  how?: How,
): Fault<MongodbClient> {
  return {
    name,
    expected,
    begin: async (client) => {
      const { port, close } = await accept(behave);
      return { ask: () => client.insert(port, how), close };
    },
  };
}

function failing(
  code: number,
  codeName: string,
  expected: Outcome,
  errorLabels?: string[],
): Fault<MongodbClient> {
  const reply = { ok: 0, code, codeName, errmsg: 'no', ...(errorLabels && { errorLabels }) };
  return served(`${code} ${codeName}`, expected, speakMongodb(reply));
}

/** A MongoDB played by a script. */
export const mongodbFaults: readonly Fault<MongodbClient>[] = [
  served('answers', answered('a result'), speakMongodb({ ok: 1, n: 1 })),
  served(
    '11000 DuplicateKey',
    answered('answer'),
    speakMongodb({ ok: 1, n: 0, writeErrors: [{ index: 0, code: 11_000, errmsg: 'E11000 duplicate key' }] }),
  ),
  failing(121, 'DocumentValidationFailure', answered('answer')),
  failing(13, 'Unauthorized', ignored('denied')),
  failing(18, 'AuthenticationFailed', ignored('denied')),
  failing(112, 'WriteConflict', contended('answer')),
  failing(50, 'MaxTimeMSExpired', retried('timeout')),
  failing(10_107, 'NotWritablePrimary', retried('outage')),
  failing(91, 'ShutdownInProgress', retried('outage')),
  failing(189, 'PrimarySteppedDown', retried('outage')),
  failing(462, 'IngressRequestRateLimitExceeded', retried('overload'), [
    'SystemOverloadedError',
    'RetryableError',
  ]),
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const port = await freePort();
      return { ask: () => client.insert(port, { selectionTimeout: 300 }) };
    },
  },
  served('resets before the handshake', retried('outage'), (connection) => connection.resetAndDestroy(), {
    selectionTimeout: 300,
  }),
  served('resets in a call', retried('outage'), speakMongodb('reset')),
  served('hangs in a call, socketTimeoutMS', retried('timeout'), speakMongodb('hang'), {
    socketTimeout: 1_000,
  }),
];
