import type { MessagePort } from 'node:worker_threads';
import type { Class } from '../protocol/address.js';

/** What a class, or a method, says of itself to executors. */
export interface ParallelOptions<T = unknown> {
  /** The module of the class, `import.meta.url`: needed only where a function in another module applies the decorator. */
  readonly module?: string | URL;
  /** Whether its methods are known to compute for long: then they are never tried out on the calling thread. Default false. */
  readonly cpu?: boolean;
  /** Makes the one instance that a thread has. Default `new Class(...constructorArgs)`. */
  readonly create?: () => T;
  /** What of a result is handed over instead of copied, such as the buffer of an array. */
  readonly transfer?: (result: never) => readonly Transferable[];
}

type Transferable = ArrayBuffer | MessagePort;

/** A method that is marked, in a class that need not be. */
export interface MarkedMethod {
  readonly module: string;
  readonly options: ParallelOptions;
}

export const PARALLEL_MARK: unique symbol = Symbol.for('@switchgear/parallel') as never;

export function markOf(method: unknown): MarkedMethod | undefined {
  return typeof method === 'function'
    ? (method as { [PARALLEL_MARK]?: MarkedMethod })[PARALLEL_MARK]
    : undefined;
}

export function isClass(value: unknown): value is Class {
  return typeof value === 'function' && typeof value.prototype === 'object';
}
