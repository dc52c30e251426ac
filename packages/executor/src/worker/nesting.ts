import { NestedExecutorError } from '../errors.js';

/** Under this symbol, `globalThis` has the module that a worker is importing now. */
export const IMPORTING_KEY = '@switchgear/executor/1/loading';

/** Under this symbol, `globalThis` has the module that a worker was started for. */
export const WORKER_KEY = '@switchgear/executor/1/worker';

/** Under this symbol, `globalThis` has the function by which the bootstrap of a worker has loaded its module. */
export const LOAD_KEY = '@switchgear/executor/1/load';

type Load = (module: string, isRequired: boolean) => Promise<object>;

const holder = globalThis as Record<symbol, unknown>;

/** Loads a module in a worker. An executor that is used meanwhile throws. */
export async function loadInWorker(module: string, isRequired: boolean): Promise<object> {
  return (holder[Symbol.for(LOAD_KEY)] as Load)(module, isRequired);
}

/**
 * Throws where an executor must not be used: in a worker that is importing a module, and, unless the executor is nested, in any worker.
 *
 * @throws NestedExecutorError
 */
export function assertMayStart(isNested: boolean): void {
  const module = holder[Symbol.for(IMPORTING_KEY)] ?? (isNested ? undefined : holder[Symbol.for(WORKER_KEY)]);
  if (module !== undefined) throw new NestedExecutorError({ module: module as string });
}
