import { freePort } from '../http/server.js';
import type { Fault } from '../run/fault.js';
import { type Outcome, retried } from '../run/outcome.js';
import { accept, type Connection } from '../tcp/server.js';
import type { KafkaClient } from './client.js';

function served(
  name: string,
  expected: Outcome,
  behave: (connection: Connection) => void,
  timeout?: number,
): Fault<KafkaClient> {
  return {
    name,
    expected,
    begin: async (client) => {
      const { port, close } = await accept(behave);
      return { ask: () => client.send(port, timeout === undefined ? {} : { timeout }), close };
    },
  };
}

/** What comes before any message: brokers are reached, or not. */
export const kafkaFaults: readonly Fault<KafkaClient>[] = [
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const port = await freePort();
      return { ask: () => client.send(port) };
    },
  },
  served(
    'resets before an answer',
    retried('outage'),
    (connection) => void connection.once('data', () => connection.resetAndDestroy()),
  ),
  served(
    'closes before an answer',
    retried('outage'),
    (connection) => void connection.once('data', () => connection.end()),
  ),
  served('hangs before an answer, the client’s own timeout', retried('timeout'), () => undefined, 150),
];
