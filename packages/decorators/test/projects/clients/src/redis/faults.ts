import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../http/server.js';
import type { Child } from '../run/child.js';
import type { Fault } from '../run/fault.js';
import type { Scene } from '../run/measure.js';
import { answered, ignored, type Outcome, retried } from '../run/outcome.js';
import { accept } from '../tcp/server.js';
import type { RedisClient, RedisConnection, RedisHow } from './client.js';
import { clusterOptions, startRedis } from './server.js';

interface Played {
  readonly options?: readonly string[] | (() => Promise<readonly string[]>);
  readonly how?: RedisHow;
  /** What comes before the call: commands that bring the server into its state. */
  readonly prepare?: (connection: RedisConnection, server: Child, admin: RedisConnection) => Promise<unknown>;
  readonly command: readonly string[];
  /** What happens while the call runs. */
  readonly meanwhile?: (server: Child) => Promise<void>;
}

/** A command to a real Redis. */
function played(name: string, expected: Outcome, play: Played): Fault<RedisClient> {
  return {
    name,
    expected,
    begin: async (client): Promise<Scene> => {
      const { options = [] } = play;
      const server = await startRedis(...(typeof options === 'function' ? await options() : options));
      const connection = client.connect(server.port, play.how);
      const admin = client.connect(server.port);
      await play.prepare?.(connection, server, admin);
      return {
        ask: () => connection.send(...play.command),
        before: (attempt) => void (attempt === 1 && play.meanwhile?.(server)),
        close: async () => {
          connection.close();
          admin.close();
          await server.kill();
        },
      };
    },
  };
}

const busyScript = ['EVAL', 'while true do end', '0'];
const withPassword = ['--requirepass', 'secret'];
const list = (connection: RedisConnection) => connection.send('LPUSH', 'list', '1');

export const redisFaults: readonly Fault<RedisClient>[] = [
  played('answers', answered('a result'), { command: ['GET', 'a'] }),
  played('WRONGTYPE', answered('answer'), { command: ['GET', 'list'], prepare: list }),
  played('ERR unknown command', answered('answer'), { command: ['NOPE'] }),
  played('NOSCRIPT', answered('answer'), { command: ['EVALSHA', 'a'.repeat(40), '0'] }),
  played('NOAUTH', ignored('denied'), { command: ['GET', 'a'], options: withPassword }),
  played('WRONGPASS', ignored('denied'), {
    command: ['AUTH', 'wrong'],
    options: withPassword,
    how: { password: 'secret' },
  }),
  played('WRONGPASS while it connects', ignored('denied'), {
    command: ['GET', 'a'],
    options: withPassword,
    how: { password: 'wrong' },
  }),
  played('NOPERM', ignored('denied'), {
    command: ['SET', 'a', '1'],
    prepare: (connection) => connection.send('ACL', 'SETUSER', 'default', '-set'),
  }),
  played('READONLY: it is a replica now', retried('outage'), {
    command: ['SET', 'a', '1'],
    prepare: (connection) => connection.send('REPLICAOF', '127.0.0.1', '1'),
  }),
  played('MASTERDOWN', retried('outage'), {
    command: ['GET', 'a'],
    options: ['--replica-serve-stale-data', 'no'],
    prepare: (connection) => connection.send('REPLICAOF', '127.0.0.1', '1'),
  }),
  played('CLUSTERDOWN', retried('outage'), {
    command: ['GET', 'a'],
    options: clusterOptions,
  }),
  played('OOM', retried('overload'), { command: ['SET', 'a', '1'], options: ['--maxmemory', '1'] }),
  played('BUSY: a script runs', retried('outage'), {
    command: ['GET', 'a'],
    options: ['--busy-reply-threshold', '10'],
    prepare: async (connection, _, admin) => {
      await connection.send('PING');
      await admin.send('PING');
      admin.send(...busyScript).catch(() => undefined);
      await sleep(150);
    },
  }),
  played('ERR max number of clients reached', retried('overload'), {
    command: ['GET', 'a'],
    prepare: (_, __, admin) => admin.send('CONFIG', 'SET', 'maxclients', '1'),
  }),
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const port = await freePort();
      return oneCallEach(client, port);
    },
  },
  {
    name: 'resets before an answer',
    expected: retried('outage'),
    begin: async (client) => {
      const { port, close } = await accept((socket) => socket.once('data', () => socket.resetAndDestroy()));
      return { ...oneCallEach(client, port), close };
    },
  },
  {
    name: 'sends what is not Redis',
    expected: retried('outage'),
    begin: async (client) => {
      const { port, close } = await accept((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      return { ...oneCallEach(client, port), close };
    },
  },
  played('is killed while a call waits, and stays away', retried('outage'), {
    command: ['BLPOP', 'queue', '0'],
    prepare: (connection) => connection.send('PING'),
    meanwhile: async (server) => {
      await sleep(50);
      await server.kill();
    },
  }),
  played('was killed before the call', retried('outage'), {
    command: ['GET', 'a'],
    prepare: async (connection, server) => {
      await connection.send('PING');
      await server.kill();
      await sleep(50);
    },
  }),
  played('hangs, the client’s own timeout', retried('timeout'), {
    command: ['GET', 'a'],
    how: { timeout: 1_000 },
    prepare: async (connection, server) => {
      await connection.send('PING');
      server.freeze();
    },
  }),
];

/** Each attempt over a connection of its own. */
function oneCallEach(client: RedisClient, port: number): Scene {
  return {
    ask: async () => {
      const connection = client.connect(port);
      try {
        return await connection.send('GET', 'a');
      } finally {
        connection.close();
      }
    },
  };
}
