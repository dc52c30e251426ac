import { connect } from 'nats';
import type { Named } from '../run/fault.js';

export interface NatsClient extends Named {
  /** Connects, sends a request and leaves. */
  readonly request: (port: number, how?: { timeout?: number }) => Promise<unknown>;
}

export const nats: NatsClient = {
  name: 'nats',
  request: async (port, { timeout = 3_000 } = {}) => {
    const connection = await connect({
      servers: `127.0.0.1:${port}`,
      reconnect: false,
      maxReconnectAttempts: 0,
      timeout,
    });
    void connection.closed();
    try {
      return await connection.request('subject', 'x', { timeout });
    } finally {
      await connection.close().catch(() => undefined);
    }
  },
};
