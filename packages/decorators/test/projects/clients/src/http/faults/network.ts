import type { Fault } from '../../run/fault.js';
import type { Scene } from '../../run/measure.js';
import { recovered, retried } from '../../run/outcome.js';
import type { HttpClient } from '../client.js';
import { answerWith, type Behaviour, freePort } from '../server.js';
import { breakOff, hang, hangInTheBody, html, reset, withBody } from './behaviours.js';
import { asking } from './scenes.js';

/** Only for clients that have a timeout of their own. Whether the server hears of a request before depends on the machine. */
async function timingOut(client: HttpClient, behave: Behaviour): Promise<Scene | undefined> {
  if (client.hasTimeout === false) return undefined;
  const { requests, ...scene } = await asking(client, behave, { timeout: 100 });
  return scene;
}

function broken(name: string, behave: Behaviour): Fault<HttpClient> {
  return { name, expected: retried('outage'), begin: (client) => asking(client, behave) };
}

/** Below any status: the connection, and what comes over it. */
export const networkFaults: readonly Fault<HttpClient>[] = [
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const { ask, close } = client.connect(`http://127.0.0.1:${await freePort()}`);
      return { ask: () => ask(), close: async () => void (await close?.()) };
    },
  },
  broken('closes before an answer', ({ socket }) => void socket.destroy()),
  broken('resets before an answer', reset),
  broken('sends what is not HTTP', ({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')),
  broken('resets in the body', breakOff('reset', false)),
  broken('closes in the body', breakOff('closed', false)),
  broken('resets in a chunked body', breakOff('reset', true)),
  broken('closes in a chunked body', breakOff('closed', true)),
  broken(
    'cuts the body short',
    withBody((body) => body.slice(0, -10)),
  ),
  broken('sends HTML', html),
  {
    name: 'hangs, the client’s own timeout',
    expected: retried('timeout'),
    begin: (client) => timingOut(client, hang),
  },
  {
    name: 'hangs in the body, the client’s own timeout',
    expected: retried('timeout'),
    begin: (client) => timingOut(client, hangInTheBody),
  },
  {
    name: 'resets twice, then answers',
    expected: recovered(),
    begin: (client) =>
      asking(client, (request, response, count) =>
        (count < 3 ? reset : answerWith(200))(request, response, count),
      ),
  },
];
