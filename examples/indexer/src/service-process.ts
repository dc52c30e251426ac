import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServiceMessage } from './index-service.js';
import type { Phase } from './outage.js';

const MODULE = fileURLToPath(new URL('index-service.js', import.meta.url));

/** The index service, seen from the process that starts it. */
export class ServiceProcess implements AsyncDisposable {
  readonly url: string;
  readonly pid: number | undefined;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess, exited: Promise<unknown>, port: number) {
    this.#child = child;
    this.#exited = exited;
    this.pid = child.pid;
    this.url = `http://127.0.0.1:${port}`;
  }

  /**
   * @param outageAfter the number of records after which the outage begins
   * @param onPhase called with each phase of the outage, and the time when it began
   */
  static async start(
    outageAfter: number,
    onPhase: (phase: Phase, at: number) => void,
  ): Promise<ServiceProcess> {
    const child = fork(MODULE, [String(outageAfter)]);
    child.on('message', (message: ServiceMessage) => {
      if (message.kind === 'phase') onPhase(message.phase, message.at);
    });
    const exited = once(child, 'exit');
    const { port } = await heard(child, exited, 'listening');
    return new ServiceProcess(child, exited, port);
  }

  /** The records in the index, and the number of requests. Read by a message, because HTTP may be down. */
  async report(): Promise<Extract<ServiceMessage, { kind: 'report' }>> {
    const report = heard(this.#child, this.#exited, 'report');
    this.#child.send('report');
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#exited;
  }
}

/** The next message of a kind. */
async function heard<K extends ServiceMessage['kind']>(
  child: ChildProcess,
  exited: Promise<unknown>,
  kind: K,
): Promise<Extract<ServiceMessage, { kind: K }>> {
  type Wanted = Extract<ServiceMessage, { kind: K }>;
  const message = new Promise<Wanted>((resolve) => {
    child.on('message', function listen(message: ServiceMessage) {
      if (message.kind !== kind) return;
      child.off('message', listen);
      resolve(message as Wanted);
    });
  });
  const died = exited.then(() => {
    throw new Error('the index service ended by itself');
  });
  return Promise.race([message, died]);
}
