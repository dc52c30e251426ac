import { join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { afterAll, afterEach, beforeEach, jest } from '@jest/globals';

/**
 * Worker threads for specs.
 *
 * The specs' own side runs the sources, the workers run the build: two copies of the package that have nothing in common
 * but the memory and what is cloned between threads, so that whatever they agree on is the memory's doing.
 */
jest.setTimeout(60_000);

const PATIENCE_MS = 30_000;
/** Who was hired for one spec, and who by `beforeAll` for several. */
const hired = { once: new Set<Hand>(), forLong: new Set<Hand>() };
let isInSpec = false;

beforeEach(() => {
  isInSpec = true;
});

afterEach(async () => {
  isInSpec = false;
  await dismiss(hired.once);
});

afterAll(() => dismiss(hired.forLong));

async function dismiss(hands: Set<Hand>): Promise<void> {
  await Promise.all([...hands].map((hand) => hand.terminate()));
  hands.clear();
}

interface Answer {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly told?: unknown;
}

interface Question {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A worker that answers questions; it ends with the spec that hired it, or with the file if no spec did. */
export class Hand {
  readonly threadId: number;
  /** What it said without being asked. */
  readonly told: unknown[] = [];
  readonly exited: Promise<number>;
  readonly #worker: Worker;
  readonly #questions = new Map<number, Question>();
  #lastId = 0;

  /** @param file of this folder */
  constructor(file: string, options?: WorkerOptions) {
    this.#worker = new Worker(fixture(file), options);
    this.threadId = this.#worker.threadId;
    this.#worker.on('message', (answer: Answer) => this.#hear(answer));
    this.#worker.on('error', (error) => this.#giveUp(error));
    this.exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#giveUp(new Error(`the worker exited with ${code}`));
        resolve(code);
      });
    });
    hired[isInSpec ? 'once' : 'forLong'].add(this);
  }

  async ask<T = unknown>(job: string, ...args: unknown[]): Promise<T> {
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#questions.set(id, { resolve, reject });
      this.#worker.postMessage({ id, job, args });
    });
  }

  /** Has a job begun whose answer nobody waits for, because the worker will not live to give it. */
  begin(job: string, ...args: unknown[]): void {
    void this.ask(job, ...args).catch(() => undefined);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear({ id, value, error, told }: Answer): void {
    if (id === undefined) {
      this.told.push(told);
      return;
    }
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    if (error === undefined) question?.resolve(value);
    else question?.reject(new Error(`in the worker: ${error}`));
  }

  #giveUp(error: Error): void {
    for (const question of this.#questions.values()) question.reject(error);
    this.#questions.clear();
  }
}

export function hire(count: number, file: string, options?: WorkerOptions): readonly Hand[] {
  return Array.from({ length: count }, () => new Hand(file, options));
}

export function fixture(file: string): string {
  return join(import.meta.dirname, file);
}

/** Waits for what other threads bring about. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Holds threads back until all of them have come, so that they start at once. */
export class StartingGate {
  readonly cells: Int32Array = new Int32Array(new SharedArrayBuffer(8));

  async open(threads: number): Promise<void> {
    await until(() => Atomics.load(this.cells, 1) === threads);
    Atomics.store(this.cells, 0, 1);
    Atomics.notify(this.cells, 0);
  }
}
