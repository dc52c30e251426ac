import type { MessagePort } from 'node:worker_threads';
import type { Class } from '../protocol/address.js';
import type { MarkSite } from './mark-site.js';

/** The options of `parallel`, for a function. */
export interface ParallelFunctionOptions {
  /** The module of the class or function, `import.meta.url`: needed only where a function in another module applies the mark. */
  readonly module?: string | URL;
  /**
   * Tells apart classes or functions that one line of code marks, as in a factory. It is unique in its module, and the same in all threads.
   * By default the place of the mark tells them apart.
   */
  readonly name?: string;
  /** Whether its methods compute for long. If so, `auto` never tries them in the calling thread. Default false. */
  readonly cpu?: boolean;
  /** The parts of a result that are transferred instead of copied, such as the buffer of an array. */
  readonly transfer?: (result: never) => readonly Transferable[];
}

/** The options of `@Parallel`, for a class or a method. */
export interface ParallelOptions<T = unknown> extends ParallelFunctionOptions {
  /**
   * Makes the instance of a thread, and may return a promise of it: the place to inject what the constructor needs. Default
   * `new Class(...constructorArgs)`.
   */
  readonly create?: () => T | PromiseLike<T>;
}

type Transferable = ArrayBuffer | MessagePort;

/** The mark of a method. Its class need not be marked. */
export interface MarkedMethod {
  readonly site: MarkSite;
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
