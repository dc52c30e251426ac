import { threadSingleton } from '../process/thread-singleton.js';

/** The reasons that signals of retry policies gave when they ended a call. */
const reasons = threadSingleton('retry-aborts', () => new WeakSet());

/** Says that a call ended by the will of whoever holds the policy's signal. */
export function rememberRetryAbort(reason: unknown): void {
  // A signal that ran into a timeout is no caller's will.
  const isWill =
    typeof reason === 'object' && reason !== null && (reason as { name?: unknown }).name !== 'TimeoutError';
  if (isWill) reasons.add(reason);
}

export function isRetryAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && reasons.has(error);
}
