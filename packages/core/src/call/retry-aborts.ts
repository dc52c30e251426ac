import { threadSingleton } from '../process/thread-singleton.js';
import { isTimeout } from './abort.js';

/** What calls failed with that the signal of a retry policy ended. */
const aborts = threadSingleton('retry-aborts', () => new WeakSet());

/**
 * Says that a call ended by the will of whoever holds the policy's signal, which a circuit around the retry cannot see.
 *
 * @param error what the call rejects with
 * @param reason the signal's; one that ran into a timeout is no caller's will
 */
export function rememberRetryAbort(error: unknown, reason: unknown = error): void {
  if (typeof error === 'object' && error !== null && !isTimeout(reason)) aborts.add(error);
}

export function isRetryAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && aborts.has(error);
}
