import library from 'kafkajs';
import type { Named } from '../run/fault.js';

export interface KafkaClient extends Named {
  /** Connects, sends a message and leaves. */
  readonly send: (port: number, how?: { timeout?: number }) => Promise<unknown>;
}

export const kafkajs: KafkaClient = {
  name: 'kafkajs',
  send: async (port, { timeout = 3_000 } = {}) => {
    const kafka = new library.Kafka({
      brokers: [`127.0.0.1:${port}`],
      logLevel: library.logLevel.NOTHING,
      retry: { retries: 0 },
      connectionTimeout: timeout,
      requestTimeout: timeout,
    });
    const producer = kafka.producer({ createPartitioner: library.Partitioners.DefaultPartitioner });
    try {
      await producer.connect();
      return await producer.send({ topic: 't', messages: [{ value: 'x' }] });
    } finally {
      await producer.disconnect();
    }
  },
};
