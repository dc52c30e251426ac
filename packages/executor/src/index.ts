import { registrations } from './target/registrations.js';
import { Host } from './worker/host.js';
import { loadOwner } from './worker/load-class.js';

// A worker imports the user's module, which imports this one: so the bootstrap finds the host.
registrations.host ??= (channel, memory) => new Host(channel, memory, loadOwner);

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
export type { ParallelFunctionOptions, ParallelOptions } from './target/parallel-mark.js';
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
export { Parallel, parallel, type ParallelDecorator } from './parallel.js';
export type { Plan } from './plan/plan.js';
export type {
  ArgumentsOf,
  CalledArguments,
  CalledItem,
  CalledResult,
  CallNames,
  Constructor,
  ItemFunction,
  ItemMethod,
  ItemNames,
  ItemOf,
  MethodName,
  NameOrArguments,
  NameOrItems,
  OptionsFor,
  Remote,
  RestOf,
  ResultOf,
} from './target/methods.js';
