import { NestedExecutorError } from '../errors.js';

/** Under this symbol stands the module that a worker is just loading. */
export const LOADING = '@switchgear/executor/1/loading';

/** Under this symbol stands the module that a worker was started for. */
export const WORKER = '@switchgear/executor/1/worker';

const holder = globalThis as Record<symbol, string | undefined>;

/** Imports a module in a worker. */
export async function load(module: string): Promise<object> {
  holder[Symbol.for(LOADING)] = module;
  try {
    return (await import(module)) as object;
  } finally {
    holder[Symbol.for(LOADING)] = undefined;
  }
}

/**
 * @param isNested whether the executor is meant for workers
 * @throws NestedExecutorError in a worker that is just loading a module, and in any other worker if it is not
 */
export function assertMayStart(isNested: boolean): void {
  const module = holder[Symbol.for(LOADING)] ?? (isNested ? undefined : holder[Symbol.for(WORKER)]);
  if (module !== undefined) throw new NestedExecutorError({ module });
}
