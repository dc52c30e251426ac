import { freePort } from '../http/server.js';
import type { Fault } from '../run/fault.js';
import { answered, ignored, type Outcome, retried } from '../run/outcome.js';
import { accept, type Connection } from '../tcp/server.js';
import type { AmqpClient } from './client.js';
import { speakAmqp } from './server.js';

function served(
  name: string,
  expected: Outcome,
  behave: (connection: Connection) => void,
  timeout?: number,
): Fault<AmqpClient> {
  return {
    name,
    expected,
    begin: async (client) => {
      const { port, close } = await accept(behave);
      return { ask: () => client.check(port, timeout === undefined ? {} : { timeout }), close };
    },
  };
}

const queue = (code: number, text: string, closes: 'channel' | 'connection' = 'channel') =>
  speakAmqp({ queue: { code, text, closes } });

/** A RabbitMQ played by a script. */
export const amqpFaults: readonly Fault<AmqpClient>[] = [
  served('answers', answered('a result'), speakAmqp({})),
  served(
    '403 ACCESS_REFUSED, when it connects',
    ignored('denied'),
    speakAmqp({ open: { code: 403, text: 'ACCESS_REFUSED' } }),
  ),
  served('403 ACCESS_REFUSED', ignored('denied'), queue(403, 'ACCESS_REFUSED')),
  served('404 NOT_FOUND', answered('answer'), queue(404, 'NOT_FOUND')),
  served('405 RESOURCE_LOCKED', answered('answer'), queue(405, 'RESOURCE_LOCKED')),
  served('406 PRECONDITION_FAILED', answered('answer'), queue(406, 'PRECONDITION_FAILED')),
  served('506 RESOURCE_ERROR', retried('overload'), queue(506, 'RESOURCE_ERROR', 'connection')),
  served('541 INTERNAL_ERROR', retried('outage'), queue(541, 'INTERNAL_ERROR', 'connection')),
  served(
    '320 CONNECTION_FORCED: it shuts down',
    retried('outage'),
    queue(320, 'CONNECTION_FORCED', 'connection'),
  ),
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const port = await freePort();
      return { ask: () => client.check(port) };
    },
  },
  served('resets before the handshake', retried('outage'), (connection) => connection.resetAndDestroy()),
  served(
    'closes before the handshake',
    retried('outage'),
    (connection) => void connection.once('data', () => connection.end()),
  ),
  served(
    'sends what is not AMQP',
    retried('outage'),
    (connection) => void connection.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  ),
  served('resets in a call', retried('outage'), speakAmqp({ queue: 'reset' })),
  served('hangs before the handshake, the client’s own timeout', retried('timeout'), () => undefined, 150),
];
