import { isThenable } from './function-kind.js';
import { warnUser } from './user-warning.js';

/** Calls a function of the user. An error that it throws, or rejects with later, becomes a warning of the process. */
export function callUser(callback: () => unknown): void {
  const report = (error: unknown): void => warnUser('a listener threw', { error });
  try {
    const result = callback();
    // No `instanceof`: a promise may come from another realm.
    if (isThenable(result)) result.then(undefined, report);
  } catch (error) {
    report(error);
  }
}
