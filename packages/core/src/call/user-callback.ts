import { tryRead } from '../errors/try-read.js';
import { isErrorLike } from '../errors/error-shape.js';
import { showValue } from '../errors/show-value.js';
import { isThenable } from './function-kind.js';

/** Calls what belongs to a user. What it throws, now or later, becomes a warning of the process and nothing else. */
export function callUser(callback: () => unknown): void {
  const report = (error: unknown): void => warn('a listener threw', error);
  try {
    const result = callback();
    // No `instanceof`: a promise may come from another realm.
    if (isThenable(result)) result.then(undefined, report);
  } catch (error) {
    report(error);
  }
}

/**
 * A fault of a user's function that is in nobody's way, and that nobody should miss. The warning has what was thrown as its
 * `cause`, for those who listen to `process.on('warning')`, and the stack of that as `detail`, which Node prints.
 */
export function warn(what: string, error: unknown): void {
  const message = isErrorLike(error) ? tryRead(() => error.message) : undefined;
  const stack = isErrorLike(error) ? tryRead(() => error.stack) : undefined;
  const text = `${what}: ${typeof message === 'string' ? message : showValue(error)}`;
  const detail = typeof stack === 'string' ? stack : '';
  const warning = new Error(text, { cause: error });
  try {
    process.emitWarning(Object.assign(warning, { name: 'SwitchgearWarning', detail }));
  } catch {
    // Node takes no errors of another realm, and under Jest all of ours are of another one.
    process.emitWarning(text, { type: 'SwitchgearWarning', detail });
  }
}
