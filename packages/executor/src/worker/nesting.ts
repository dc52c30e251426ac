import { NestedExecutorError } from '../errors.js';

/** Under this symbol, `globalThis` has the module that a worker is importing now. */
export const IMPORTING_KEY = '@switchgear/executor/1/loading';

/** Under this symbol, `globalThis` has the module that a worker was started for. */
export const WORKER_KEY = '@switchgear/executor/1/worker';

const holder = globalThis as Record<symbol, string | undefined>;

/** Imports a module in a worker. */
export async function importInWorker(module: string): Promise<object> {
  holder[Symbol.for(IMPORTING_KEY)] = module;
  try {
    return (await import(module)) as object;
  } finally {
    holder[Symbol.for(IMPORTING_KEY)] = undefined;
  }
}

/**
 * @param isNested whether the executor is meant for workers
 * @throws NestedExecutorError in a worker that is just loading a module, and in any other worker if it is not
 */
export function assertMayStart(isNested: boolean): void {
  const module = holder[Symbol.for(IMPORTING_KEY)] ?? (isNested ? undefined : holder[Symbol.for(WORKER_KEY)]);
  if (module !== undefined) throw new NestedExecutorError({ module });
}
