import { freePort } from '../http/server.js';
import type { Fault } from '../run/fault.js';
import { answered, contended, ignored, type Outcome, retried } from '../run/outcome.js';
import { accept, type Connection } from '../tcp/server.js';
import type { MysqlClient } from './client.js';
import { type MysqlError, speakMysql } from './server.js';

type How = Parameters<MysqlClient['query']>[1];

function served(
  name: string,
  expected: Outcome,
  behave: (connection: Connection) => void,
  how?: How,
): Fault<MysqlClient> {
  return {
    name,
    expected,
    begin: async (client) => {
      const { port, close } = await accept(behave);
      return { ask: () => client.query(port, how), close };
    },
  };
}

function refusing(number: number, state: string, text: string, expected: Outcome): Fault<MysqlClient> {
  return served(
    `${number} ${text}, when it connects`,
    expected,
    speakMysql({ greeting: { number, state, text } }),
  );
}

function answering(number: number, state: string, text: string, expected: Outcome): Fault<MysqlClient> {
  const query: MysqlError = { number, state, text };
  return served(`${number} ${text}`, expected, speakMysql({ query }));
}

/** A MySQL played by a script. */
export const mysqlFaults: readonly Fault<MysqlClient>[] = [
  served('answers', answered('a result'), speakMysql({ query: 'ok' })),
  refusing(1040, '08004', 'too many connections', retried('overload')),
  refusing(1045, '28000', 'access denied', ignored('denied')),
  refusing(1129, 'HY000', 'host is blocked', ignored('denied')),
  answering(1062, '23000', 'duplicate entry', answered('answer')),
  answering(1064, '42000', 'syntax', answered('answer')),
  answering(1146, '42S02', 'no such table', ignored('denied')),
  answering(1205, 'HY000', 'lock wait timeout', contended('answer')),
  answering(1213, '40001', 'deadlock', contended('answer')),
  answering(1290, 'HY000', 'read-only', retried('outage')),
  answering(3024, 'HY000', 'maximum statement execution time', retried('timeout')),
  answering(1053, '08S01', 'server shutdown', retried('outage')),
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const port = await freePort();
      return { ask: () => client.query(port) };
    },
  },
  served('resets before the handshake', retried('outage'), (connection) => connection.resetAndDestroy()),
  served('closes before the handshake', retried('outage'), (connection) => void connection.end()),
  served('resets in a query', retried('outage'), speakMysql({ query: 'reset' })),
  {
    name: 'reset the connection before the query',
    expected: retried('outage'),
    begin: async (client) => {
      const { port, close } = await accept(speakMysql({ query: 'reset' }));
      const connection = await client.connect(port);
      await connection.query().catch(() => undefined);
      return {
        ask: connection.query,
        close: async () => {
          connection.close();
          await close();
        },
      };
    },
  },
  served('hangs before the handshake, the client’s own timeout', retried('timeout'), () => undefined, {
    connectTimeout: 150,
  }),
  served('hangs in a query, the client’s own timeout', retried('timeout'), speakMysql({ query: 'hang' }), {
    timeout: 150,
  }),
];
