import type { Duration } from '@switchgear/core';
import type { ResourceLimits } from 'node:worker_threads';
import type { Progress } from '../job/progress.js';

export type Placement = 'auto' | 'workers' | 'inline';

/** What may be said of one job, or for all jobs of an executor. */
export interface JobSettings {
  /**
   * Where the items run. `auto` runs the first ones here and decides by what they take; `workers` promises that the calling thread stays
   * free; `inline` runs the protocol of workers in this thread, for tests. Default `auto`; `workers` for `run` and `proxy`.
   */
  readonly placement?: Placement;
  /** How many items go to a worker at once. Default as many as take about 20 ms, and fewer towards the end. */
  readonly chunk?: number;
  /** How often an item is tried again whose worker died while it ran. Default 1. */
  readonly crashRetries?: number;
  /**
   * How long a running item may go on after its job was cancelled, by its `signal` or because the reader of a stream left. After that its
   * worker is terminated and replaced. Milliseconds, or text such as `'500ms'`. Default 5 s; `Infinity` never terminates it.
   */
  readonly grace?: Duration;
}

export interface ExecutorOptions extends JobSettings {
  /** Worker threads, at most. Default as many as there are processors. */
  readonly workers?: number;
  /**
   * How long a worker may take to import its preloads and its module, and later to load the class of a job and make its instance. After
   * that it is terminated, and the jobs that need what it was loading reject with `WorkerStartError`. Milliseconds, or text such as
   * `'10s'`. Default 30 s; `Infinity` waits for ever.
   */
  readonly startTimeout?: Duration;
  /** Modules that each worker imports before anything else: file URLs, absolute paths or names of packages. */
  readonly preload?: readonly string[];
  /** Limits of each worker; see `resourceLimits` of `node:worker_threads`. */
  readonly resourceLimits?: ResourceLimits;
  /** Whether it may be used in a worker of another executor, which would else be taken for a mistake. Default false. */
  readonly nested?: boolean;
  /** The environment of the workers. Default that of this thread. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface CallOptions extends JobSettings {
  /** Ends the job as soon as it aborts: the rest is not begun, and what runs has {@link JobSettings.grace} to end. */
  readonly signal?: AbortSignal;
}

export interface MapOptions<Item = unknown> extends CallOptions {
  /** What of an item is handed over instead of copied. The caller cannot use it any more. */
  readonly transfer?: (item: Item) => readonly ArrayBuffer[];
  /** Hears how far the job is, every 50 ms at most, and at the end. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface StreamOptions<Item = unknown> extends MapOptions<Item> {
  /** Whether outcomes come in the order of the items. Default true. */
  readonly ordered?: boolean;
}
