import library from 'mysql2/promise';
import type { Named } from '../run/fault.js';

export interface MysqlClient extends Named {
  /** A connection that stays. */
  readonly connect: (port: number) => Promise<{ query: () => Promise<unknown>; close: () => void }>;
  /** Connects, asks and leaves. */
  readonly query: (port: number, how?: { connectTimeout?: number; timeout?: number }) => Promise<unknown>;
}

export const mysql2: MysqlClient = {
  name: 'mysql2',
  connect: async (port) => {
    const connection = await library.createConnection({ host: '127.0.0.1', port, user: 'root' });
    connection.on('error', () => undefined);
    return { query: () => connection.query('select 1'), close: () => connection.destroy() };
  },
  query: async (port, { connectTimeout, timeout } = {}) => {
    const connection = await library.createConnection({
      host: '127.0.0.1',
      port,
      user: 'root',
      ...(connectTimeout && { connectTimeout }),
    });
    connection.on('error', () => undefined);
    try {
      return await connection.query({ sql: 'select 1', ...(timeout && { timeout }) });
    } finally {
      connection.destroy();
    }
  },
};
