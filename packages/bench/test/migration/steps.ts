import type { FailingServer } from './failing-server.js';

/** What is seen of a service in one step of an outage. */
export interface Seen {
  /** What the caller gets, call by call. */
  readonly answers: readonly string[];
  /** The requests that reached the server. */
  readonly requests: number;
  /** What the service wrote of its circuit. */
  readonly log: readonly string[];
}

/** One service and its server, seen from outside. */
export class Steps {
  readonly #server: FailingServer;
  readonly #log: string[];

  /** @param log what the service writes of its circuit; it is emptied by each step */
  constructor(server: FailingServer, log: string[]) {
    this.#server = server;
    this.#log = log;
  }

  /** Makes calls one after the other. */
  async see(...calls: readonly (() => Promise<unknown>)[]): Promise<Seen> {
    const answers: string[] = [];
    for (const call of calls) answers.push(await call().then(show, String));
    return { answers, requests: this.#server.takePaths().length, log: this.#log.splice(0) };
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
