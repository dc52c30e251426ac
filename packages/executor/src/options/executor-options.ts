import type { Duration } from '@switchgear/core';
import type { ResourceLimits } from 'node:worker_threads';
import type { Progress } from '../job/progress.js';

export type Placement = 'auto' | 'workers' | 'inline';

/** Options of one job; an executor takes them too, as defaults for its jobs. */
export interface JobSettings {
  /**
   * Where the items run. `auto` runs the first ones in the calling thread, measures them and then decides. `workers` runs all of them in
   * workers, so that the calling thread stays free. `inline` runs the protocol of workers in this thread, for tests. Default `auto`; for
   * `run` and `proxy`, `workers`.
   */
  readonly placement?: Placement;
  /** How many items go to a worker at once. Default as many as take about 20 ms, and fewer towards the end. */
  readonly chunk?: number;
  /** How often an item is tried again if its worker died while it ran. Default 1. */
  readonly crashRetries?: number;
  /**
   * How long a running item may go on after its job was cancelled, by its `signal` or because the reader of a stream left. After that its
   * worker is terminated and replaced. Milliseconds, or text such as `'500ms'`. Default 5 s; `Infinity` never terminates it.
   */
  readonly grace?: Duration;
}

export interface ExecutorOptions extends JobSettings {
  /** The maximum number of worker threads. Default the number of processors. */
  readonly workers?: number;
  /**
   * How long a worker may take to import its preloads and its module, and later to load the class of a job and make its instance. After
   * that it is terminated, and the jobs that need what it was loading reject with `WorkerStartError`. Milliseconds, or text such as
   * `'10s'`. Default 30 s; `Infinity` waits for ever.
   */
  readonly startTimeout?: Duration;
  /**
   * How long a worker may have nothing to do. After that it is closed; a new one starts when there is work for it. Milliseconds, or text such
   * as `'30s'`, at least 1 ms. Default `Infinity`: workers stay until `close()`.
   */
  readonly idleTimeout?: Duration;
  /** When a worker is replaced by a new one, between two chunks: for methods, and native addons, that leak. Default never. */
  readonly recycle?: RecycleOptions;
  /**
   * Modules that each worker imports before the module of its work, after what it inherits: file URLs, absolute paths, or names of packages,
   * which are resolved from the working directory.
   */
  readonly preload?: readonly string[];
  /**
   * Whether workers load what this thread was started with: `--import`, `--require`, the same in `NODE_OPTIONS`, and the `register` modules
   * that code has required. `false` starts them without these, for preloads that open a port or start an agent; conditions, loaders and the
   * environment stay. Default true.
   */
  readonly inherit?: boolean;
  /** Limits of each worker; see `resourceLimits` of `node:worker_threads`. */
  readonly resourceLimits?: ResourceLimits;
  /** Whether the executor may be used in a worker of another executor. Without it, that is a {@link NestedExecutorError}. Default false. */
  readonly nested?: boolean;
  /** The environment of the workers. Default the environment of this thread. */
  readonly env?: NodeJS.ProcessEnv;
}

/** When a worker is replaced; at least one of the two. */
export interface RecycleOptions {
  /** When this much of its heap is in use after a chunk, in MB (of 1,048,576 bytes), with garbage that was not collected yet. At least 1. */
  readonly heap?: number;
  /** When it has run this many items. At least 1. */
  readonly items?: number;
}

/** How an executor is closed. At most one of the two. */
export interface CloseOptions {
  /**
   * How long the items that run may go on. No further item begins. After that the workers are terminated, and the jobs that have items left
   * reject with `ExecutorClosedError`. Milliseconds, or text such as `'10s'`. Default as long as the jobs take, with all their items.
   */
  readonly within?: Duration;
  /** Ends everything at once: as `within: 0`. */
  readonly force?: boolean;
}

export interface CloseResult {
  /** How many items have no outcome. 0 unless the executor was closed with `within` or `force`. */
  readonly unfinished: number;
}

export interface CallOptions extends JobSettings {
  /** Cancels the job when it aborts: no further item begins, and running items have {@link JobSettings.grace} to end. */
  readonly signal?: AbortSignal;
}

export interface MapOptions<Item = unknown> extends CallOptions {
  /** The buffers of an item that are transferred instead of copied. The caller cannot use them afterwards. */
  readonly transfer?: (item: Item) => readonly ArrayBuffer[];
  /** Is called with the job's progress, at most every 50 ms, and at the end. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface StreamOptions<Item = unknown> extends MapOptions<Item> {
  /** Whether outcomes come in the order of the items. Default true. */
  readonly ordered?: boolean;
}
