import amqp from 'amqplib';
import type { Named } from '../run/fault.js';

export interface AmqpClient extends Named {
  /** Connects, looks for a queue and leaves. */
  readonly check: (port: number, how?: { timeout?: number }) => Promise<unknown>;
}

export const amqplib: AmqpClient = {
  name: 'amqplib',
  check: async (port, { timeout } = {}) => {
    const connection = await amqp.connect(
      `amqp://127.0.0.1:${port}`,
      timeout === undefined ? {} : { timeout },
    );
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createChannel();
      channel.on('error', () => undefined);
      return await channel.checkQueue('queue');
    } finally {
      connection.close().catch(() => undefined);
    }
  },
};
