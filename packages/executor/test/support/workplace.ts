import { afterEach, jest } from '@jest/globals';
import { type Constructor, type ExecutorOptions, ParallelExecutor } from '@switchgear/executor';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Executors with real workers, for specs.
 *
 * The specs' own side runs the sources; workers import the same fixtures, and with them the build: two copies of the package that have
 * nothing in common but the protocol.
 */
jest.setTimeout(30_000);

const open = new Set<ParallelExecutor>();
const folders: string[] = [];

afterEach(async () => {
  await Promise.all([...open].map((executor) => executor.close()));
  open.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** An executor with workers that ends with the spec. */
export function executorOf(options?: ExecutorOptions): ParallelExecutor {
  const executor = new ParallelExecutor({ placement: 'workers', workers: 2, ...options });
  open.add(executor);
  return executor;
}

/** A file of this folder. */
export function fixture(file: string): string {
  return join(import.meta.dirname, file);
}

/** A class that a module of this folder exports. */
export async function classOf<C extends Constructor>(file: string, name: string): Promise<C> {
  const module = (await import(fixture(file))) as Readonly<Record<string, C>>;
  return module[name];
}

/** A folder that is gone after the spec. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'switchgear-'));
  folders.push(made);
  return made;
}

/** A file in which workers write down what they do. */
export class Log {
  readonly path: string = join(folder(), 'log');

  constructor() {
    writeFileSync(this.path, '');
  }

  get lines(): readonly string[] {
    return readFileSync(this.path, 'utf8').split('\n').slice(0, -1);
  }

  /** How often each line is there. */
  get counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const line of this.lines) counts[line] = (counts[line] ?? 0) + 1;
    return counts;
  }
}

const run = promisify(execFile);

/** What a program of its own prints; it has to end by itself, and well. */
export async function printedBy(file: string, ...args: readonly string[]): Promise<string> {
  // What Jest says of itself would change what it does.
  const env = { ...process.env };
  delete env['JEST_WORKER_ID'];
  const { stdout } = await run(process.execPath, [file, ...args], { env, timeout: 30_000 });
  return stdout.trim();
}

/** A promise, and who settles it. */
export async function settled<T>(promise: Promise<T>): Promise<unknown> {
  return promise.then(
    (value) => value,
    (error: unknown) => error,
  );
}
