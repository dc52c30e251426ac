import { registrations } from './registrations.js';
import { Host } from './worker/host.js';
import { loadClass } from './worker/loaded-target.js';

// A worker imports the user's module, which imports this one: so it finds the host here.
registrations.host ??= (channel, memory) => new Host(channel, memory, loadClass);

export {
  ExecutorClosedError,
  isExecutorClosedError,
  isNestedExecutorError,
  isNotCloneableError,
  isTargetError,
  isWorkerCrashError,
  NestedExecutorError,
  NotCloneableError,
  TargetError,
  WorkerCrashError,
} from './errors.js';
export { ParallelExecutor, type ParallelRun } from './executor.js';
export type {
  CallOptions,
  ExecutorOptions,
  JobSettings,
  MapOptions,
  Placement,
  StreamOptions,
} from './executor-options.js';
export { type MapFailure, mapFailureOf } from './failures.js';
export type {
  ArgumentsOf,
  Constructor,
  ItemMethod,
  ItemOf,
  MethodName,
  OptionsFor,
  Remote,
  ResultOf,
} from './methods.js';
export { Parallel, type ParallelDecorator, type ParallelOptions } from './parallel.js';
export type { Plan } from './plan/plan.js';
export type { Progress } from './progress.js';
export type { ItemResult } from './stream.js';
