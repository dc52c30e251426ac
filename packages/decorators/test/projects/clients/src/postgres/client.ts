import pg from 'pg';
import type { Named } from '../run/fault.js';

export interface PostgresHow {
  readonly user?: string;
  readonly database?: string;
  /** The client's own limit for a query, in ms. */
  readonly queryTimeout?: number;
  /** The server's limit for a query, set by the client, in ms. */
  readonly statementTimeout?: number;
  /** The client's own limit for connecting, in ms. */
  readonly connectTimeout?: number;
}

export interface PostgresConnection {
  readonly query: (sql: string) => Promise<unknown>;
  readonly close: () => void;
}

/** A client of PostgreSQL. It connects with the first query, so that a server that is not there fails that. */
export interface PostgresClient extends Named {
  readonly connect: (port: number, how?: PostgresHow) => PostgresConnection;
}

const optionsOf = (
  port: number,
  { user, database, queryTimeout, statementTimeout, connectTimeout }: PostgresHow,
) => ({
  host: '127.0.0.1',
  port,
  user: user ?? 'postgres',
  database: database ?? 'postgres',
  ...(statementTimeout && { statement_timeout: statementTimeout }),
  ...(queryTimeout && { query_timeout: queryTimeout }),
  ...(connectTimeout && { connectionTimeoutMillis: connectTimeout }),
});

/** One connection, for as long as it lasts. */
export const pgClient: PostgresClient = {
  name: 'pg Client',
  connect: (port, how = {}) => {
    let connected: Promise<any> | undefined;
    const connect = async () => {
      const client = new pg.Client(optionsOf(port, how));
      client.on('error', () => undefined);
      await client.connect();
      return client;
    };
    return {
      query: async (sql) => {
        connected ??= connect().catch((error: unknown) => {
          connected = undefined;
          throw error;
        });
        return (await connected).query(sql);
      },
      close: () =>
        void connected?.then((client) => client.connection.stream.destroy()).catch(() => undefined),
    };
  },
};

/** A pool of one connection. */
export const pgPool: PostgresClient = {
  name: 'pg Pool',
  connect: (port, how = {}) => {
    const pool = new pg.Pool({ ...optionsOf(port, how), max: 1 });
    pool.on('error', () => undefined);
    return { query: (sql) => pool.query(sql), close: () => void pool.end().catch(() => undefined) };
  },
};
