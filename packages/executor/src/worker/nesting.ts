import { NestedExecutorError } from '../errors.js';

/** Under this symbol, `globalThis` has the module that a worker is importing now. */
export const IMPORTING_KEY = '@switchgear/executor/1/loading';

/** Under this symbol, `globalThis` has the module that a worker was started for. */
export const WORKER_KEY = '@switchgear/executor/1/worker';

const holder = globalThis as Record<symbol, string | undefined>;

/** Imports a module in a worker. An executor that is used meanwhile throws. */
export async function importInWorker(module: string): Promise<object> {
  holder[Symbol.for(IMPORTING_KEY)] = module;
  try {
    return (await import(module)) as object;
  } finally {
    holder[Symbol.for(IMPORTING_KEY)] = undefined;
  }
}

/**
 * Throws where an executor must not be used: in a worker that is importing a module, and, unless the executor is nested, in any worker.
 *
 * @throws NestedExecutorError
 */
export function assertMayStart(isNested: boolean): void {
  const module = holder[Symbol.for(IMPORTING_KEY)] ?? (isNested ? undefined : holder[Symbol.for(WORKER_KEY)]);
  if (module !== undefined) throw new NestedExecutorError({ module });
}
