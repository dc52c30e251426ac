import type { Scene } from '../../run/measure.js';
import type { Asked, HttpClient } from '../client.js';
import { type Behaviour, serve } from '../server.js';

/** A client that asks a server which behaves badly. */
export async function asking(client: HttpClient, behave: Behaviour, asked: Asked = {}): Promise<Scene> {
  const server = await serve(behave);
  const { ask, close } = client.connect(server.url);
  return {
    ask: () => ask(asked),
    requests: server.requests,
    close: async () => {
      await close?.();
      await server.close();
    },
  };
}
