import * as aborts from '../../lines/aborts.js';
import * as octokitLines from '../../lines/octokit.js';
import { within } from '../../lines/within.js';
import type { Fault } from '../../run/fault.js';
import { ignored, retried } from '../../run/outcome.js';
import type { HttpClient } from '../client.js';
import { type Behaviour, serve } from '../server.js';
import { abortSoon, byClosure } from './aborts.js';
import { breakOff, hang, hangInTheBody, html } from './behaviours.js';
import { asking } from './scenes.js';

const octokit = ({ name }: HttpClient) => name === 'octokit';
const google = ({ name }: HttpClient) => name === 'google storage';
const withSignals = ({ takesSignals, name }: HttpClient) => takesSignals !== false && name !== 'octokit';

/** `within` around each attempt. */
async function inTime(client: HttpClient, behave: Behaviour) {
  const server = await serve(behave);
  const { ask, close } = client.connect(server.url);
  return {
    ask: () => within(250, (signal) => ask({ signal })),
    close: async () => {
      await close?.();
      await server.close();
    },
  };
}

/** The lines of the page, each where it is needed. */
export const faultsWithLines: readonly Fault<HttpClient>[] = [
  {
    name: 'hangs, `within`',
    expected: retried('timeout'),
    begin: (client) => (withSignals(client) ? inTime(client, hang) : undefined),
  },
  {
    name: 'hangs in the body, `within`',
    expected: retried('timeout'),
    begin: (client) => (withSignals(client) ? inTime(client, hangInTheBody) : undefined),
  },
  {
    name: 'closes in the body, a timeout of the client',
    expected: retried('timeout'),
    begin: async (client) => {
      if (!google(client)) return undefined;
      const { requests, ...scene } = await asking(client, breakOff('closed', false), { timeout: 250 });
      return scene;
    },
  },
  {
    name: 'closes in the body, `isFailure` for a text',
    expected: retried('a result'),
    lines: octokitLines,
    begin: (client) => (octokit(client) ? asking(client, breakOff('closed', false)) : undefined),
  },
  {
    name: 'sends HTML, `isFailure` for a text',
    expected: retried('a result'),
    lines: octokitLines,
    begin: (client) => (octokit(client) ? asking(client, html) : undefined),
  },
  {
    name: 'aborted, by closure, `excludedErrors`',
    expected: ignored('abort'),
    lines: aborts,
    begin: (client) => {
      if (!withSignals(client)) return undefined;
      const signal = abortSoon();
      return byClosure(client, () => signal);
    },
  },
];
