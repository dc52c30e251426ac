import { isObjectOrFunction } from '../errors/object-shape.js';
import { threadSingleton } from '../process/thread-singleton.js';
import { isTimeout } from './abort.js';

// Taken at load, so that fake timers in tests of users do not stop it.
const { setImmediate } = globalThis;

/** What calls failed with that the signal of a retry policy ended. */
interface RetryAborts {
  /** Reasons of signals that are objects: they stand for the abort for ever. */
  readonly reasons: WeakSet<object>;
  /** Other errors. The same object may be thrown for another reason later. */
  readonly errors: WeakSet<object>;
  /** Values that are to be forgotten at the end of this turn of the event loop, and all primitives among the errors. */
  readonly passing: Set<unknown>;
}

const aborts: RetryAborts = threadSingleton('retry-aborts', () => ({
  reasons: new WeakSet(),
  errors: new WeakSet(),
  passing: new Set(),
}));

/**
 * Notes that a call ended by the will of the owner of the policy's signal, which a circuit around the retry cannot see.
 *
 * A rejection reaches the circuits around the retry within one turn of the event loop, unless a function between them does
 * something else first. A primitive is therefore remembered until the end of the turn, and an error until the end of the turn
 * in which a circuit has asked about it.
 *
 * @param error what the call rejects with
 * @param reason the signal's; that of a timeout is no caller's will
 */
export function rememberRetryAbort(error: unknown, reason: unknown = error): void {
  if (isTimeout(reason)) return;
  if (!isObjectOrFunction(error)) forgetSoon(error);
  else if (error === reason) aborts.reasons.add(error);
  else aborts.errors.add(error);
}

export function isRetryAbort(error: unknown): boolean {
  if (!isObjectOrFunction(error)) return aborts.passing.has(error);
  if (aborts.reasons.has(error)) return true;
  if (!aborts.errors.has(error)) return false;
  forgetSoon(error);
  return true;
}

function forgetSoon(error: unknown): void {
  if (aborts.passing.size === 0) setImmediate(forget).unref();
  aborts.passing.add(error);
}

function forget(): void {
  for (const error of aborts.passing) if (isObjectOrFunction(error)) aborts.errors.delete(error);
  aborts.passing.clear();
}
