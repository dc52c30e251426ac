import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../http/server.js';
import type { Child } from '../run/child.js';
import type { Fault } from '../run/fault.js';
import type { Scene } from '../run/measure.js';
import { answered, contended, ignored, type Outcome, retried } from '../run/outcome.js';
import { accept } from '../tcp/server.js';
import type { PostgresClient, PostgresConnection, PostgresHow } from './client.js';
import { startPostgres } from './server.js';

interface Asked {
  readonly query: string;
  readonly how?: PostgresHow;
  readonly prepare?: (connection: PostgresConnection, other: PostgresConnection) => Promise<unknown>;
  readonly meanwhile?: (other: PostgresConnection) => Promise<unknown>;
}

let shared: Promise<Child> | undefined;

/** A query to the PostgreSQL that all queries share; each case has a schema of its own. */
function asked(
  name: string,
  expected: Outcome,
  { query, how, prepare, meanwhile }: Asked,
): Fault<PostgresClient> {
  return {
    name,
    expected,
    begin: async (client): Promise<Scene> => {
      const { port } = await (shared ??= startPostgres());
      const table = `t${++tables}`;
      const named = (connection: PostgresConnection): PostgresConnection => ({
        ...connection,
        query: (sql) => connection.query(sql.replaceAll('$t', table)),
      });
      const connection = named(client.connect(port, how));
      const other = named(client.connect(port));
      await other.query('create table $t (id int primary key, word varchar(2))');
      await other.query("insert into $t values (1, 'a'), (2, 'b')");
      await prepare?.(connection, other);
      return {
        ask: () => connection.query(query),
        before: (attempt) => void (attempt === 1 && meanwhile?.(other).catch(() => undefined)),
        close: () => {
          connection.close();
          other.close();
        },
      };
    },
  };
}

let tables = 0;

/** A PostgreSQL of its own, which is killed or frozen. */
function ownServer(
  name: string,
  expected: Outcome,
  query: string,
  act: (server: Child, connection: PostgresConnection) => Promise<(() => Promise<void>) | undefined>,
  how?: PostgresHow,
): Fault<PostgresClient> {
  return {
    name,
    expected,
    begin: async (client): Promise<Scene> => {
      const server = await startPostgres();
      const connection = client.connect(server.port, how);
      await connection.query('select 1');
      const meanwhile = await act(server, connection);
      return {
        ask: () => connection.query(query),
        before: (attempt) => void (attempt === 1 && meanwhile?.()),
        close: async () => {
          connection.close();
          await server.kill();
        },
      };
    },
  };
}

export const postgresFaults: readonly Fault<PostgresClient>[] = [
  asked('answers', answered('a result'), { query: 'select 1' }),
  asked('22P02 text that is no number', answered('answer'), { query: "select 'x'::int" }),
  asked('22001 text that is too long', answered('answer'), { query: "insert into $t values (3, 'long')" }),
  asked('23505 a key that is there', answered('answer'), { query: "insert into $t values (1, 'a')" }),
  asked('42601 syntax', answered('answer'), { query: 'selec 1' }),
  asked('42P01 no such table', ignored('denied'), { query: 'select * from nope' }),
  asked('42703 no such column', ignored('denied'), { query: 'select nope from $t' }),
  asked('3D000 no such database', ignored('denied'), { query: 'select 1', how: { database: 'nope' } }),
  asked('28000 no such role', ignored('denied'), { query: 'select 1', how: { user: 'nope' } }),
  asked('P0001 raised by a function', answered('answer'), { query: "do $$ begin raise 'no'; end $$" }),
  asked('40001 serialization failure', contended('answer'), {
    query: "do $$ begin raise sqlstate '40001'; end $$",
  }),
  asked('40P01 deadlock', contended('answer'), { query: "do $$ begin raise sqlstate '40P01'; end $$" }),
  asked('55P03 a lock is taken', contended('answer'), {
    query: 'select * from $t for update nowait',
    prepare: (_, other) => other.query('begin; select * from $t for update'),
  }),
  asked('57014 statement_timeout', retried('timeout'), {
    query: 'select pg_sleep(2)',
    how: { statementTimeout: 50 },
  }),
  asked('25006 it is read-only now', retried('outage'), {
    query: "rollback; begin read only; insert into $t values (9, 'x')",
  }),
  asked('57P01 an operator ended the session', retried('outage'), {
    query: 'select pg_sleep(2) /* $t */',
    meanwhile: async (other) => {
      for (let times = 0; times < 100; times++) {
        await sleep(30);
        await other.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where query like 'select pg_sleep%$t%' and pid <> pg_backend_pid()`,
        );
      }
    },
  }),
  {
    name: '53300 too many connections',
    expected: retried('overload'),
    begin: async (client) => {
      const server = await startPostgres('-c', 'max_connections=1', '-c', 'superuser_reserved_connections=0');
      const first = client.connect(server.port);
      await first.query('select 1');
      const connection = client.connect(server.port);
      return {
        ask: () => connection.query('select 1'),
        close: async () => {
          first.close();
          await server.kill();
        },
      };
    },
  },
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const connection = client.connect(await freePort());
      return { ask: () => connection.query('select 1') };
    },
  },
  {
    name: 'resets before an answer',
    expected: retried('outage'),
    begin: async (client) => {
      const { port, close } = await accept((socket) => socket.once('data', () => socket.resetAndDestroy()));
      const connection = client.connect(port);
      return { ask: () => connection.query('select 1'), close };
    },
  },
  {
    name: 'closes before an answer',
    expected: retried('outage'),
    begin: async (client) => {
      const { port, close } = await accept((socket) => socket.once('data', () => socket.destroy()));
      const connection = client.connect(port);
      return { ask: () => connection.query('select 1'), close };
    },
  },
  {
    name: 'hangs before an answer, the client’s own timeout',
    expected: retried('timeout'),
    begin: async (client) => {
      const { port, close } = await accept(() => undefined);
      const connection = client.connect(port, { connectTimeout: 150 });
      return { ask: () => connection.query('select 1'), close };
    },
  },
  ownServer(
    'is killed while a query runs',
    retried('outage'),
    'select pg_sleep(2)',
    async (server) => async () => {
      await sleep(100);
      await server.kill();
    },
  ),
  ownServer('was killed before the query', retried('outage'), 'select 1', async (server) => {
    await server.kill();
    await sleep(50);
    return undefined;
  }),
  asked('a query takes too long, the client’s own timeout', retried('timeout'), {
    query: 'select pg_sleep(2)',
    how: { queryTimeout: 150 },
  }),
];
