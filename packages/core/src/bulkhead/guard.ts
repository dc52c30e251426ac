import { admitObservable } from '../call/admitted-observable.js';
import { admitStream } from '../call/admitted-stream.js';
import { StackFrame } from '../call/frame.js';
import {
  givesObservables,
  isAsynchronous,
  isGenerator,
  isSyncGenerator,
  rememberPromise,
  rememberStream,
} from '../call/function-kind.js';
import type { AnyFunction } from '../call/guarded-function.js';
import { isObservable } from '../call/observable.js';
import { rejectSoon } from '../call/reject-soon.js';
import { resemble } from '../call/resemblance.js';
import { callUnder, outerFrame } from '../call/running.js';
import { SteppedCall } from '../call/stepped-call.js';
import { showValue } from '../errors/show-value.js';
import { panelEpoch } from '../panel/panel-epoch.js';
import {
  callHeld,
  enterAtOnce,
  enterOrWait,
  streamHooksOf,
  runHeld,
  type Settlement,
  settlementOf,
} from './held-call.js';
import type { LocalBulkhead } from './local-bulkhead.js';

/**
 * A function, guarded by a bulkhead that is resolved at its first call, and again when what has a key was moved to another panel.
 *
 * @param resolve what it throws, the call throws or rejects with
 * @param waits whether the function returns promises, because a call may wait
 */
export function guard(fn: AnyFunction, resolve: () => LocalBulkhead, waits: boolean): AnyFunction {
  if (typeof fn !== 'function')
    throw new TypeError(`withBulkhead: expected a function, received ${showValue(fn)}`);
  if (waits && isSyncGenerator(fn)) {
    throw new TypeError(
      `${fn.name === '' ? 'the function' : fn.name} cannot wait for a bulkhead, for it is a sync generator; make it async`,
    );
  }
  let settlement: Settlement | undefined;
  let resolvedAt = -1;
  let frame = new StackFrame({ callee: fn, readsArgs: true });
  const resolved = (): Settlement => {
    if (settlement === undefined || resolvedAt !== panelEpoch.count) {
      settlement = settlementOf(resolve());
      resolvedAt = panelEpoch.count;
      const { key, topic } = settlement.local;
      const policyKey = typeof topic === 'string' ? key : undefined;
      frame = new StackFrame({ callee: fn, policyKey, readsArgs: true });
    }
    return settlement;
  };
  const frameNow = (guarded: object): StackFrame => frame.under(outerFrame(guarded));
  const enter = waits ? enterOrWait : enterAtOnce;
  let isKnownAsync = isAsynchronous(fn);
  let isObserved = givesObservables(fn);
  const atOnce = function (this: unknown, ...args: unknown[]): unknown {
    let held: Settlement;
    let own: StackFrame;
    try {
      held = resolved();
      own = frameNow(atOnce);
      if (!isObserved && !held.local.tryEnter()) throw held.local.refuse('full', 0);
    } catch (error) {
      if (isKnownAsync) return rejectSoon(error);
      throw error;
    }
    if (isObserved) return observed(own, this, args);
    const result = runHeld(held, own, fn, this, args, enter);
    if (result instanceof Promise) isKnownAsync ||= rememberPromise(fn);
    else isObserved = givesObservables(fn);
    return result;
  };
  const waiting = function (this: unknown, ...args: unknown[]): unknown {
    let held: Settlement;
    try {
      held = resolved();
    } catch (error) {
      return rejectSoon(error);
    }
    const own = frameNow(waiting);
    isObserved ||= !isKnownAsync && givesObservables(fn);
    return isObserved ? observed(own, this, args) : callHeld(held, own, fn, this, args);
  };
  const observed = (own: StackFrame, self: unknown, args: readonly unknown[]): unknown => {
    const result = callUnder(own, fn, self, args);
    const { local } = resolved();
    return isObservable(result)
      ? admitObservable(result, () => streamHooksOf(local, own, args, enter))
      : result;
  };
  const stream = function (this: unknown, ...args: unknown[]): unknown {
    const own = new StackFrame({ callee: fn, readsArgs: true }).under(outerFrame(stream));
    const made = callUnder(own, fn, this, args) as object;
    const call = new SteppedCall(own, args);
    return admitStream(made, call, () => streamHooksOf(resolved().local, own, args, enter));
  };
  const guarded = isGenerator(fn) ? stream : waits ? waiting : atOnce;
  if (guarded === stream) rememberStream(guarded);
  else if (waits || isAsynchronous(fn)) rememberPromise(guarded);
  resemble(guarded, fn);
  return guarded;
}
