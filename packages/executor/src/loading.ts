import { NestedExecutorError } from './errors.js';

/** Under this symbol stands the module that a worker is just loading. */
export const LOADING = '@switchgear/executor/1/loading';

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

/** @throws NestedExecutorError in a worker that is just loading a module */
export function assertNotLoading(): void {
  const module = holder[Symbol.for(LOADING)];
  if (module !== undefined) throw new NestedExecutorError({ module });
}
