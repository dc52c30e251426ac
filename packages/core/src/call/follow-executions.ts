import { AsyncLocalStorage } from 'node:async_hooks';
import { running, type RunningCall } from './running.js';

/**
 * Lets {@link execution} be asked everywhere in a guarded call, also after an `await`, and lets a guarded call that begins
 * there inherit the deadline. To be called once, by the program, before its first guarded call; calling it again changes
 * nothing.
 *
 * It turns on an AsyncLocalStorage, which slows down every promise of the process by a factor of about 3 on Node 20 and 22, and costs
 * about four bare promises for each guarded call on Node 24. No policy turns it on by itself. A library should not either: take
 * `execution()` into a constant at the beginning of the function instead.
 *
 * @example
 * followExecutions();
 * const load = withRetry()(async (id: string) => {
 *   const row = await find(id);
 *   return fetch(row.url, { signal: execution().signal });
 * });
 */
export function followExecutions(): void {
  running.following ??= new AsyncLocalStorage<RunningCall>();
  running.isAware = true;
}
