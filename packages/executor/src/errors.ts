import { SwitchgearError } from '@switchgear/core';
import { brandOf, markError } from '@switchgear/core/kit';

/** The worker died while it ran the item, as often as it was tried, or with the buffers that the item had handed over. */
export class WorkerCrashError extends SwitchgearError {
  static {
    markError(this, { name: 'WorkerCrashError', code: 'ERR_WORKER_CRASH' });
  }

  declare readonly name: 'WorkerCrashError';
  readonly code = 'ERR_WORKER_CRASH';
  /** Which item it was, counted from 0. */
  readonly index: number;
  /** How often it was tried; 0 for one that could not be, since it went down with the worker that had its buffers. */
  readonly attempts: number;
  /** The exit code of the last worker that died over it. */
  readonly exitCode: number;

  constructor(data: { index: number; attempts: number; exitCode: number; method: string; cause?: unknown }) {
    const { index, attempts, exitCode, method } = data;
    const times = attempts === 1 ? 'once' : `${attempts} times`;
    const what =
      attempts === 0
        ? `the worker died, and with it what item ${index} had handed over`
        : `the worker died while it ran item ${index}, tried ${times}`;
    super(`${method}: ${what} (exit code ${exitCode})`, data);
    this.index = index;
    this.attempts = attempts;
    this.exitCode = exitCode;
  }
}

export function isWorkerCrashError(error: unknown): error is WorkerCrashError {
  return brandOf(error) === 'ERR_WORKER_CRASH';
}

/** A class or a method that workers cannot be sent to: the message says what to write. */
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

/** A worker was about to start work in threads: a module that starts it whenever it is loaded would do so again and again. */
export class NestedExecutorError extends SwitchgearError {
  static {
    markError(this, { name: 'NestedExecutorError', code: 'ERR_NESTED_EXECUTOR' });
  }

  declare readonly name: 'NestedExecutorError';
  readonly code = 'ERR_NESTED_EXECUTOR';
  /** The module that the worker was started for, or was just loading. */
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

/** An argument or a result that cannot go from one thread to another. */
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

/** The executor was closed before, or while, the work was done. */
export class ExecutorClosedError extends SwitchgearError {
  static {
    markError(this, { name: 'ExecutorClosedError', code: 'ERR_EXECUTOR_CLOSED' });
  }

  declare readonly name: 'ExecutorClosedError';
  readonly code = 'ERR_EXECUTOR_CLOSED';

  constructor() {
    super('The executor is closed: make a new one');
  }
}

export function isExecutorClosedError(error: unknown): error is ExecutorClosedError {
  return brandOf(error) === 'ERR_EXECUTOR_CLOSED';
}
