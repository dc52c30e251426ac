import { freePort } from '../http/server.js';
import type { Fault } from '../run/fault.js';
import { answered, ignored, type Outcome, retried } from '../run/outcome.js';
import { accept, type Connection } from '../tcp/server.js';
import type { NatsClient } from './client.js';

const INFO = `INFO ${JSON.stringify({ server_id: 'a', version: '2.10.0', proto: 1, headers: true, max_payload: 1_000_000 })}\r\n`;

interface Play {
  /** In place of the PONG of the handshake. */
  readonly handshake?: string;
  /** What comes for a request, by the subject of its reply and the number of its subscription. */
  readonly request?: (reply: string, subscription: string) => string | 'reset';
}

/** NATS is lines of text. Source: NATS, Client Protocol. */
function speakNats({ handshake = 'PONG\r\n', request }: Play): (connection: Connection) => void {
  return (connection) => {
    let subscription = '';
    let isGreeted = false;
    connection.write(INFO);
    connection.on('data', (bytes) => {
      for (const line of String(bytes).split('\r\n')) {
        const [verb, ...words] = line.split(' ');
        if (verb === 'PING' && !isGreeted) {
          isGreeted = true;
          connection.write(handshake);
          if (handshake.startsWith('-ERR')) connection.end();
        } else if (verb === 'PING') connection.write('PONG\r\n');
        else if (verb === 'SUB') subscription = words.at(-1) ?? '';
        else if (verb === 'PUB' || verb === 'HPUB') {
          const said = request?.(words[1] ?? '', subscription);
          if (said === 'reset') connection.resetAndDestroy();
          else if (said !== undefined) connection.write(said);
        }
      }
    });
  };
}

const good = (reply: string, subscription: string) => `MSG ${reply} ${subscription} 2\r\nok\r\n`;
const noResponders = (reply: string, subscription: string) => {
  const headers = 'NATS/1.0 503\r\n\r\n';
  return `HMSG ${reply} ${subscription} ${headers.length} ${headers.length}\r\n${headers}\r\n`;
};

function played(name: string, expected: Outcome, play: Play, timeout?: number): Fault<NatsClient> {
  return served(name, expected, speakNats(play), timeout);
}

function served(
  name: string,
  expected: Outcome,
  behave: (connection: Connection) => void,
  timeout?: number,
): Fault<NatsClient> {
  return {
    name,
    expected,
    begin: async (client) => {
      const { port, close } = await accept(behave);
      return { ask: () => client.request(port, timeout === undefined ? {} : { timeout }), close };
    },
  };
}

/** A NATS played by a script. */
export const natsFaults: readonly Fault<NatsClient>[] = [
  played('answers', answered('a result'), { request: good }),
  played('Authorization Violation', ignored('denied'), { handshake: "-ERR 'Authorization Violation'\r\n" }),
  played('maximum connections exceeded', retried('overload'), {
    handshake: "-ERR 'maximum connections exceeded'\r\n",
  }),
  played('no responders', retried('outage'), { request: noResponders }),
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const port = await freePort();
      return { ask: () => client.request(port) };
    },
  },
  served('resets before the handshake', retried('outage'), (connection) => connection.resetAndDestroy()),
  played('resets in a request', retried('outage'), { request: () => 'reset' }, 500),
  served('hangs before the handshake, the client’s own timeout', retried('timeout'), () => undefined, 150),
  played('hangs in a request, the client’s own timeout', retried('timeout'), {}, 150),
];
