import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { Named } from '../run/fault.js';

export interface RedisHow {
  readonly password?: string;
  /** The client's own limit for a command, in ms. */
  readonly timeout?: number;
  /** Whether to connect again after a lost connection; commands fail at once all the same. */
  readonly reconnects?: true;
}

export interface RedisConnection {
  readonly send: (...command: string[]) => Promise<unknown>;
  readonly close: () => void;
}

/** A client of Redis. It connects with the first command, so that a server that is not there fails that. */
export interface RedisClient extends Named {
  readonly connect: (port: number, how?: RedisHow) => RedisConnection;
}

export const ioredis: RedisClient = {
  name: 'ioredis',
  connect: (port, { password, timeout, reconnects } = {}) => {
    const client = new Redis(port, '127.0.0.1', {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      // A command of its own, whose timeout it does not catch.
      disableClientInfo: true,
      retryStrategy: () => (reconnects === true ? 20 : null),
      ...(password !== undefined && { password }),
      ...(timeout !== undefined && { commandTimeout: timeout }),
    });
    client.on('error', () => undefined);
    return {
      send: (command = '', ...args) => client.call(command, ...args),
      close: () => client.disconnect(),
    };
  },
};

export const nodeRedis: RedisClient = {
  name: 'redis',
  connect: (port, { password, timeout, reconnects } = {}) => {
    const client = createClient({
      socket: {
        host: '127.0.0.1',
        port,
        reconnectStrategy: reconnects === true ? 20 : false,
        ...(timeout !== undefined && { socketTimeout: timeout }),
      },
      disableOfflineQueue: true,
      ...(password !== undefined && { password }),
    });
    client.on('error', () => undefined);
    let connecting: Promise<unknown> | undefined;
    return {
      send: async (...command) => {
        if (!client.isOpen) connecting = client.connect();
        await connecting;
        return client.sendCommand(command);
      },
      close: () => client.destroy(),
    };
  },
};
