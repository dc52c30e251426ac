import { type AttemptMessage, channels } from './channels.js';
import { type Frame, messageOfCall } from './frame.js';
import { givesObservables, isGenerator } from './function-kind.js';
import type { AnyFunction } from './guarded-function.js';
import { stackOf } from './policy-stack.js';
import { traced } from './traced.js';

/**
 * Makes the call of a policy's function. It is published as an attempt where no policy further in guards the function.
 *
 * @param call calls the function
 */
export function tracedAttempt(frame: Frame, fn: AnyFunction, call: () => unknown): unknown {
  if (!channels.attempt.hasSubscribers || stackOf(fn).length > 0) return call();
  // A generator has not run yet when it returns, and an Observable has not before it is subscribed to.
  if (isGenerator(fn) || givesObservables(fn)) return call();
  const { attempt, circuit, policyKey } = frame;
  const message = messageOfCall(frame);
  const key = message === undefined ? (circuit ?? policyKey) : message.key;
  const own: AttemptMessage = { call: message, key, name: fn.name, attempt };
  return traced(channels.attempt, own, call);
}
