import type { MessagePort } from 'node:worker_threads';
import type { Class } from '../protocol/address.js';

/** The options of `@Parallel`, for a class or a method. */
export interface ParallelOptions<T = unknown> {
  /** The module of the class, `import.meta.url`: needed only where a function in another module applies the decorator. */
  readonly module?: string | URL;
  /** Whether its methods compute for long. If so, `auto` never tries them in the calling thread. Default false. */
  readonly cpu?: boolean;
  /** Makes the instance of a thread. Default `new Class(...constructorArgs)`. */
  readonly create?: () => T;
  /** The parts of a result that are transferred instead of copied, such as the buffer of an array. */
  readonly transfer?: (result: never) => readonly Transferable[];
}

type Transferable = ArrayBuffer | MessagePort;

/** The mark of a method. Its class need not be marked. */
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
