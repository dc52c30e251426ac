import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real server in a process of its own, which can be stopped, killed and started again. */
export class Child {
  static readonly #all = new Set<Child>();
  readonly port: number;
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #options: SpawnOptions;
  #process: ChildProcess | undefined;

  constructor(port: number, command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.port = port;
    this.#command = command;
    this.#args = args;
    this.#options = options;
    Child.#all.add(this);
  }

  /** No process outlives the run, however it ends. */
  static {
    process.on('exit', () => {
      for (const child of Child.#all) child.#signal('SIGKILL');
    });
  }

  /** Starts it, and waits until it listens. */
  async start(): Promise<this> {
    this.#process = spawn(this.#command, this.#args, { stdio: 'ignore', detached: true, ...this.#options });
    for (let tries = 0; tries < 400; tries++) {
      if (await isListening(this.port)) return this;
      if (this.#process.exitCode !== null) break;
      await sleep(25);
    }
    throw new Error(`${this.#command} ${this.#args.join(' ')} does not listen`);
  }

  /** It takes connections and bytes then, and answers nothing. */
  freeze(): void {
    this.#signal('SIGSTOP');
  }

  /** Its children as well, such as the backends of PostgreSQL: it leads a process group. */
  #signal(signal: NodeJS.Signals): void {
    const running = this.#process;
    if (running?.pid === undefined || running.exitCode !== null || running.signalCode !== null) return;
    process.kill(-running.pid, signal);
  }

  async kill(): Promise<void> {
    const running = this.#process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    this.#signal('SIGKILL');
    await gone;
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
