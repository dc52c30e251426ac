import { formatDuration, SwitchgearError } from '@switchgear/core';
import { brandOf, markError } from '@switchgear/core/kit';

/** An item failed because its worker died: while it ran the item, at each try, or with buffers that the item had transferred. */
export class WorkerCrashError extends SwitchgearError {
  static {
    markError(this, { name: 'WorkerCrashError', code: 'ERR_WORKER_CRASH' });
  }

  declare readonly name: 'WorkerCrashError';
  readonly code = 'ERR_WORKER_CRASH';
  /** The index of the item, from 0. */
  readonly index: number;
  /** How often the item was tried; 0 if it was lost with the buffers that it had transferred to the worker. */
  readonly attempts: number;
  /** The exit code of the last worker that died while it had the item. */
  readonly exitCode: number;

  constructor(data: {
    readonly index: number;
    readonly attempts: number;
    readonly exitCode: number;
    readonly method: string;
    /** Why the last worker died, in words. */
    readonly reason: string;
    readonly cause?: unknown;
  }) {
    const { index, attempts, exitCode, method, reason } = data;
    const times = attempts === 1 ? 'once' : `${attempts} times`;
    const what =
      attempts === 0
        ? `the worker died, and with it the buffers that item ${index} had transferred`
        : `the worker died while it ran item ${index}, tried ${times}`;
    super(`${method}: ${what} (${reason})`, data);
    this.index = index;
    this.attempts = attempts;
    this.exitCode = exitCode;
  }
}

export function isWorkerCrashError(error: unknown): error is WorkerCrashError {
  return brandOf(error) === 'ERR_WORKER_CRASH';
}

/**
 * A worker was not ready in time: a module was not imported, or an instance not made, within `startTimeout`. The worker was terminated.
 */
export class WorkerStartError extends SwitchgearError {
  static {
    markError(this, { name: 'WorkerStartError', code: 'ERR_WORKER_START' });
  }

  declare readonly name: 'WorkerStartError';
  readonly code = 'ERR_WORKER_START';
  /** The module or preload that the worker was loading; undefined where it had not begun to import anything. */
  readonly module: string | undefined;
  /** How long the worker was given, in ms. */
  readonly timeout: number;

  constructor(data: {
    readonly module: string | undefined;
    readonly timeout: number;
    readonly kind: 'preload' | 'module' | 'target';
    readonly method?: string | undefined;
  }) {
    const { module, timeout, kind, method } = data;
    const subject = method === undefined ? '' : `${method}: `;
    super(
      `${subject}a worker was not ready after ${formatDuration(timeout)}: ${pendingStep(kind, module)}. ` +
        'If that needs longer, give the executor a longer startTimeout',
    );
    this.module = module;
    this.timeout = timeout;
  }
}

function pendingStep(kind: 'preload' | 'module' | 'target', module: string | undefined): string {
  if (module === undefined)
    return 'it had imported nothing yet, and was running the preloads of this process';
  if (kind === 'target') return `it was still importing ${module}, or making the instance of its class`;
  return `it was still importing ${kind === 'preload' ? 'the preload ' : ''}${module}`;
}

export function isWorkerStartError(error: unknown): error is WorkerStartError {
  return brandOf(error) === 'ERR_WORKER_START';
}

/** Workers cannot find a class or a method. The message says what to write. */
export class TargetError extends SwitchgearError {
  static {
    markError(this, { name: 'TargetError', code: 'ERR_TARGET' });
  }

  declare readonly name: 'TargetError';
  readonly code = 'ERR_TARGET';
}

export function isTargetError(error: unknown): error is TargetError {
  return brandOf(error) === 'ERR_TARGET';
}

/** A worker was about to use an executor. A module that does so whenever it is loaded would start workers again and again. */
export class NestedExecutorError extends SwitchgearError {
  static {
    markError(this, { name: 'NestedExecutorError', code: 'ERR_NESTED_EXECUTOR' });
  }

  declare readonly name: 'NestedExecutorError';
  readonly code = 'ERR_NESTED_EXECUTOR';
  /** The module that the worker was started for, or was importing. */
  readonly module: string;

  constructor(data: { readonly module: string }) {
    super(
      `${data.module} starts work in threads when it is loaded, and this is a worker that has loaded it. ` +
        'Move the class that is marked with @Parallel into a module of its own, or start only `if (isMainThread)`. ' +
        'A method that is to start work of its own gives its executor { nested: true }',
    );
    this.module = data.module;
  }
}

export function isNestedExecutorError(error: unknown): error is NestedExecutorError {
  return brandOf(error) === 'ERR_NESTED_EXECUTOR';
}

/** An argument or a result cannot be sent to another thread. */
export class NotCloneableError extends SwitchgearError {
  static {
    markError(this, { name: 'NotCloneableError', code: 'ERR_NOT_CLONEABLE' });
  }

  declare readonly name: 'NotCloneableError';
  readonly code = 'ERR_NOT_CLONEABLE';
}

export function isNotCloneableError(error: unknown): error is NotCloneableError {
  return brandOf(error) === 'ERR_NOT_CLONEABLE';
}

/** The executor was closed: before the job began, or by `close({ within })` before all its items had run. */
export class ExecutorClosedError extends SwitchgearError {
  static {
    markError(this, { name: 'ExecutorClosedError', code: 'ERR_EXECUTOR_CLOSED' });
  }

  declare readonly name: 'ExecutorClosedError';
  readonly code = 'ERR_EXECUTOR_CLOSED';

  /** How many items had an outcome; {@link mapFailureOf} gives the outcomes. 0 for a job that had not begun. */
  readonly completed: number;

  constructor(job?: {
    readonly name: string;
    readonly completed: number;
    readonly total: number | undefined;
  }) {
    super(
      job === undefined
        ? 'The executor is closed: make a new one'
        : `${job.name}: the executor was closed when ${job.completed} ${job.total === undefined ? 'items' : `of ${job.total} items`} had run`,
    );
    this.completed = job?.completed ?? 0;
  }
}

export function isExecutorClosedError(error: unknown): error is ExecutorClosedError {
  return brandOf(error) === 'ERR_EXECUTOR_CLOSED';
}
