import { admitObservable } from '../call/admitted-observable.js';
import type { StreamHooks } from '../call/stream-hooks.js';
import type { AbortSignalLike } from '../call/abort.js';
import type { Frame } from '../call/frame.js';
import { isThenable, rememberObservable } from '../call/function-kind.js';
import type { AnyFunction } from '../call/guarded-function.js';
import { isObservable } from '../call/observable.js';
import { rejectSoon } from '../call/reject-soon.js';
import { callUnder, deadlineOfCall, signalsOfWait, withinDeadline } from '../call/running.js';
import type { LocalBulkhead } from './local-bulkhead.js';

/** What a bulkhead does when a call ends: made once for all calls. */
export interface Settlement {
  readonly local: LocalBulkhead;
  readonly onValue: (value: unknown) => unknown;
  readonly onError: (error: unknown) => never;
}

export function settlementOf(local: LocalBulkhead): Settlement {
  return {
    local,
    onValue(value) {
      local.leave();
      return value;
    },
    onError(error) {
      local.leave();
      throw error;
    },
  };
}

/**
 * How a call, or a stream, gets its permit: at once or never, or also by waiting.
 *
 * @param leaving aborts when the reader of a stream leaves; asked for only if the stream has to wait
 */
export type Enter = (
  local: LocalBulkhead,
  frame: Frame,
  args: readonly unknown[],
  leaving?: () => AbortSignalLike,
) => true | Promise<void>;

/** @throws BulkheadFullError if no permit is free */
export const enterAtOnce: Enter = (local) => {
  if (local.tryEnter()) return true;
  throw local.refuse('full', 0);
};

export const enterOrWait: Enter = (local, frame, args, leaving) =>
  local.enter(() => {
    const signals = signalsOfWait(frame, args);
    return leaving === undefined ? signals : [...signals, leaving()];
  });

/** A stream holds a permit from its beginning to its end. */
export function streamHooksOf(
  local: LocalBulkhead,
  frame: Frame,
  args: readonly unknown[],
  enter: Enter,
): StreamHooks {
  return { enter: (leaving) => enter(local, frame, args, leaving), leave: () => local.leave() };
}

/** Runs a call that has its permit, which comes back when the call ends. */
export function runHeld(
  settlement: Settlement,
  frame: Frame,
  fn: AnyFunction,
  self: unknown,
  args: readonly unknown[],
  enter: Enter,
): unknown {
  const { local, onValue, onError } = settlement;
  let result: unknown;
  try {
    result = callUnder(frame, fn, self, args);
    if (result instanceof Promise) return result.then(onValue, onError);
    if (isThenable(result)) return Promise.resolve(result).then(onValue, onError);
  } catch (error) {
    return onError(error);
  }
  local.leave();
  if (!isObservable(result)) return result;
  rememberObservable(fn);
  return admitObservable(result, () => streamHooksOf(local, frame, args, enter));
}

/** Runs a call as soon as it has a permit. Never throws. */
export function callHeld(
  held: Settlement,
  frame: Frame,
  fn: AnyFunction,
  self: unknown,
  args: readonly unknown[],
): unknown {
  try {
    const entered = enterOrWait(held.local, frame, args);
    if (entered === true) return asPromise(runHeld(held, frame, fn, self, args, enterOrWait));
    const deadline = deadlineOfCall(args);
    return entered.then(() =>
      withinDeadline(deadline, () => runHeld(held, frame, fn, self, args, enterOrWait)),
    );
  } catch (error) {
    return rejectSoon(error);
  }
}

/** The result of a sync function as a promise, since other calls of it wait. */
function asPromise(result: unknown): unknown {
  return result instanceof Promise || isObservable(result) ? result : Promise.resolve(result);
}
