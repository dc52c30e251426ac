import { ExecutorClosedError } from '../errors.js';
import type { Job } from './job.js';

/** The error of a job that the executor ends before all its items have run. */
export function closedError({ options, completed, unfinished }: Job): ExecutorClosedError {
  const total = options.source.left === undefined ? undefined : completed + unfinished;
  return new ExecutorClosedError({ name: options.target.name, completed, total });
}
