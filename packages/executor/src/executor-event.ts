/** A worker thread has died that the executor had not ended. It is replaced when there is work. */
export interface WorkerDiedEvent {
  readonly type: 'worker-died';
  /** The id of its thread. */
  readonly thread: number;
  /** Why it died, in words: the uncaught error, out of memory, or its exit code. */
  readonly reason: string;
  /** The error that nothing caught, with its stack; undefined where the worker exited by itself. */
  readonly cause: unknown;
  readonly exitCode: number;
  /** The item that was running and is charged with the death; undefined where none was, so that the error belongs to no item. */
  readonly item: { readonly method: string; readonly index: number } | undefined;
}

/** A worker thread was told to close and had not ended a second later. It was terminated. */
export interface WorkerTerminatedEvent {
  readonly type: 'worker-terminated';
  readonly thread: number;
  /** What it waited for, in words. */
  readonly reason: string;
  /** The kinds of what was open in it, as `process.getActiveResourcesInfo()` calls them. */
  readonly resources: readonly string[];
}

/** What listeners of an executor hear: what no job can tell. `type` tells the members apart. */
export type ExecutorEvent = WorkerDiedEvent | WorkerTerminatedEvent;
