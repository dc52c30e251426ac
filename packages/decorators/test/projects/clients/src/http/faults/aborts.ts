import type { Fault } from '../../run/fault.js';
import type { Scene } from '../../run/measure.js';
import { ignored, lasting, retried } from '../../run/outcome.js';
import type { HttpClient } from '../client.js';
import { type Behaviour, serve } from '../server.js';
import { hang, hangInTheBody } from './behaviours.js';

export function abortSoon(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 250);
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
export async function byClosure(
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
      expected: ignored('abort'),
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
      begin: (client) => {
        const controller = new AbortController();
        const behave: Behaviour = (request, response, count) => {
          hangInTheBody(request, response, count);
          setTimeout(() => controller.abort(), 200);
        };
        return byArgument(client, behave, controller.signal);
      },
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
      begin: (client) => byArgument(client, hang, AbortSignal.timeout(250)),
    },
    {
      name: '`AbortSignal.timeout` for each attempt, by closure',
      expected: retried('timeout'),
      begin: (client) => byClosure(client, () => AbortSignal.timeout(250)),
    },
    {
      name: '`AbortSignal.timeout` for each attempt, in the body',
      expected: retried('timeout'),
      // Octokit takes what has come of the body for all of it.
      begin: (client) =>
        client.name === 'octokit'
          ? undefined
          : byClosure(client, () => AbortSignal.timeout(600), hangInTheBody),
    },
  ] satisfies Fault<HttpClient>[]
).map((fault: Fault<HttpClient>) => ({
  ...fault,
  begin: (client) => (client.takesSignals === false ? undefined : fault.begin(client)),
}));
