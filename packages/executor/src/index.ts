import { registrations } from './target/registrations.js';
import { Host } from './worker/host.js';
import { loadClass } from './worker/load-class.js';

// A worker imports the user's module, which imports this one: so the bootstrap finds the host.
registrations.host ??= (channel, memory) => new Host(channel, memory, loadClass);

export {
  ExecutorClosedError,
  isExecutorClosedError,
  isNestedExecutorError,
  isNotCloneableError,
  isTargetError,
  isWorkerCrashError,
  isWorkerStartError,
  NestedExecutorError,
  NotCloneableError,
  TargetError,
  WorkerCrashError,
  WorkerStartError,
} from './errors.js';
export type { ExecutorEvent, WorkerDiedEvent, WorkerTerminatedEvent } from './executor-event.js';
export { ParallelExecutor, type ParallelRun } from './executor.js';
export { type MapFailure, mapFailureOf } from './job/map-failure.js';
export type { Progress } from './job/progress.js';
export type { ParallelOptions } from './target/parallel-mark.js';
export type { ItemResult } from './job/stream-buffer.js';
export type {
  CallOptions,
  CloseOptions,
  CloseResult,
  ExecutorOptions,
  JobSettings,
  MapOptions,
  Placement,
  RecycleOptions,
  StreamOptions,
} from './options/executor-options.js';
export { Parallel, type ParallelDecorator } from './parallel.js';
export type { Plan } from './plan/plan.js';
export type {
  ArgumentsOf,
  Constructor,
  ItemMethod,
  ItemOf,
  MethodName,
  OptionsFor,
  Remote,
  ResultOf,
} from './target/methods.js';
