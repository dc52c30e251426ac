import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the server answers: with the path as its text, with 503, or not at all. */
export type Mood = 'healthy' | 'down' | 'silent';

/** A server on the loopback that fails on command, and counts what reaches it. */
export class FailingServer {
  mood: Mood = 'healthy';
  /** The number of next requests that are answered with 503, whatever the mood is. */
  failures = 0;
  /** The time that an answer takes, in ms. */
  pace = 0;
  /** The most requests that were in flight at once. */
  mostAtOnce = 0;
  #inFlight = 0;
  readonly #paths: string[] = [];
  readonly #server = createServer(({ url = '/' }, response) => {
    this.#paths.push(url);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#inFlight);
    response.once('close', () => this.#inFlight--);
    const status = this.#status(url);
    if (status === undefined) return;
    const answer = (): unknown => response.writeHead(status).end(status === 200 ? url.slice(1) : '');
    if (this.pace === 0) answer();
    else setTimeout(answer, this.pace);
  });

  static async listening(): Promise<FailingServer> {
    const server = new FailingServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The paths that were asked for since the last call. */
  takePaths(): readonly string[] {
    return this.#paths.splice(0);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The status of the next answer; undefined if there is none. */
  #status(url: string): number | undefined {
    if (this.failures > 0) {
      this.failures--;
      return 503;
    }
    if (this.mood === 'silent') return undefined;
    if (this.mood === 'down') return 503;
    // What has a name that begins with "no" is not there: an answer, and no failure.
    return /\/no[^/]*$/.test(url) ? 404 : 200;
  }
}
