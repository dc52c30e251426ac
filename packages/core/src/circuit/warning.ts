import { isErrorLike } from '../errors/error-shape.js';
import { showValue } from '../errors/show-value.js';
import { isThenable } from './call.js';

/** Calls what belongs to a user. What it throws, now or later, becomes a warning of the process and nothing else. */
export function guarded(callback: () => unknown): void {
  const report = (error: unknown): void => warn('a listener threw', error);
  try {
    const result = callback();
    // No `instanceof`: a promise may come from another realm.
    if (isThenable(result)) result.then(undefined, report);
  } catch (error) {
    report(error);
  }
}

/** A fault of a user's function that is in nobody's way, and that nobody should miss. */
export function warn(what: string, error: unknown): void {
  const isError = isErrorLike(error);
  const message = `${what}: ${isError ? error.message : showValue(error)}`;
  const detail = isError && typeof error.stack === 'string' ? error.stack : '';
  process.emitWarning(message, { type: 'SwitchgearWarning', detail });
}
