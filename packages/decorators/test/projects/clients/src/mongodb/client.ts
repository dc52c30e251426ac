import { MongoClient } from 'mongodb';
import type { Named } from '../run/fault.js';

export interface MongodbClient extends Named {
  /** Connects, writes a document and leaves. */
  readonly insert: (
    port: number,
    how?: { socketTimeout?: number; selectionTimeout?: number },
  ) => Promise<unknown>;
}

export const mongodb: MongodbClient = {
  name: 'mongodb',
  insert: async (port, { socketTimeout, selectionTimeout = 5_000 } = {}) => {
    const client = new MongoClient(`mongodb://127.0.0.1:${port}`, {
      directConnection: true,
      retryWrites: false,
      retryReads: false,
      serverSelectionTimeoutMS: selectionTimeout,
      ...(socketTimeout && { socketTimeoutMS: socketTimeout }),
    });
    try {
      return await client.db('d').collection('c').insertOne({ a: 1 });
    } finally {
      await client.close();
    }
  },
};
