import type { Fault } from '../../run/fault.js';
import type { Scene } from '../../run/measure.js';
import { ignored, lasting, retried } from '../../run/outcome.js';
import type { HttpClient } from '../client.js';
import { type Behaviour, bodyFor, serve } from '../server.js';

const hang: Behaviour = () => undefined;
const hangInTheBody: Behaviour = (request, response) => {
  const { type, body } = bodyFor(request);
  response.writeHead(200, { 'content-type': type, 'content-length': body.length });
  response.write(body.slice(0, body.length / 2));
};

function abortSoon(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 150);
  return controller.signal;
}

/** The signal is an argument of the guarded function. */
async function byArgument(client: HttpClient, behave: Behaviour, signal: AbortSignal): Promise<Scene> {
  const server = await serve(behave);
  const { ask, close } = client.connect(server.url);
  return {
    ask: (given: AbortSignal) => ask({ signal: given }),
    args: [signal],
    close: async () => {
      await close?.();
      await server.close();
    },
  };
}

/** The guarded function makes or finds its signal itself. */
async function byClosure(
  client: HttpClient,
  signal: () => AbortSignal,
  behave: Behaviour = hang,
): Promise<Scene> {
  const server = await serve(behave);
  const { ask, close } = client.connect(server.url);
  return {
    ask: () => ask({ signal: signal() }),
    close: async () => {
      await close?.();
      await server.close();
    },
  };
}

/** What ends a call from this side. */
export const abortFaults: readonly Fault<HttpClient>[] = (
  [
    {
      name: 'aborted before, by an argument',
      expected: { ...ignored('abort'), attempts: 1 },
      begin: (client) => byArgument(client, hang, AbortSignal.abort()),
    },
    {
      name: 'aborted, by an argument',
      expected: ignored('abort'),
      begin: (client) => byArgument(client, hang, abortSoon()),
    },
    {
      name: 'aborted in the body, by an argument',
      expected: ignored('abort'),
      begin: (client) => byArgument(client, hangInTheBody, abortSoon()),
    },
    {
      name: 'aborted, by closure',
      expected: lasting('abort'),
      begin: (client) => {
        const signal = abortSoon();
        return byClosure(client, () => signal);
      },
    },
    {
      name: '`AbortSignal.timeout` for all attempts, by an argument',
      expected: lasting('timeout'),
      begin: (client) => byArgument(client, hang, AbortSignal.timeout(150)),
    },
    {
      name: '`AbortSignal.timeout` for each attempt, by closure',
      expected: retried('timeout'),
      begin: (client) => byClosure(client, () => AbortSignal.timeout(150)),
    },
    {
      name: '`AbortSignal.timeout` for each attempt, in the body',
      expected: retried('timeout'),
      begin: (client) => byClosure(client, () => AbortSignal.timeout(150), hangInTheBody),
    },
  ] satisfies Fault<HttpClient>[]
).map((fault: Fault<HttpClient>) => ({
  ...fault,
  begin: (client) => (client.takesSignals === false ? undefined : fault.begin(client)),
}));
