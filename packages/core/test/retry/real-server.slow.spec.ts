import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { withRetry } from '@switchgear/core';

describe('against a real server that is busy for a second', () => {
  it('the second request comes when it asked for it', async () => {
    const times: number[] = [];
    const server = await listening((isBusy) => times.push(performance.now()) === 1 && isBusy);
    const { port } = server.address() as AddressInfo;
    const get = withRetry({
      initialDelay: 1,
      retryIf: (o) => o.status === 'succeeded' && (o.value as Response).status === 503,
    })(() => fetch(`http://127.0.0.1:${port}/`));
    const response = await get();
    server.closeAllConnections();
    server.close();
    expect(response.status).toBe(200);
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(990);
  });
});

async function listening(isBusy: (yes: true) => boolean): Promise<Server> {
  const server = createServer((_, response) => {
    if (isBusy(true)) response.writeHead(503, { 'Retry-After': '1' });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
