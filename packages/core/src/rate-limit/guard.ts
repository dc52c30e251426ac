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
import type { Slot } from './gcra.js';
import { callLimited, streamHooksOf, type Limiter, runLimited, takeNow } from './limited-call.js';

/**
 * A function, guarded by a rate limit that is resolved at its first call, and again when what has a key was moved to another panel.
 *
 * @param resolve what it throws, the call throws or rejects with
 * @param waits whether the function returns promises, because a call may wait
 */
export function guard(fn: AnyFunction, resolve: () => Limiter, waits: boolean): AnyFunction {
  if (typeof fn !== 'function')
    throw new TypeError(`withRateLimit: expected a function, received ${showValue(fn)}`);
  if (waits && isSyncGenerator(fn)) {
    const name = fn.name === '' ? 'the function' : fn.name;
    throw new TypeError(`${name} cannot wait for a rate, for it is a sync generator; make it async`);
  }
  let limiter: Limiter | undefined;
  let resolvedAt = -1;
  let frame = new StackFrame({ callee: fn, readsArgs: true });
  let isKnownAsync = isAsynchronous(fn);
  let isObserved = givesObservables(fn);
  const resolved = (): Limiter => {
    if (limiter === undefined || resolvedAt !== panelEpoch.count) {
      limiter = resolve();
      resolvedAt = panelEpoch.count;
      const { key, topic } = limiter.local;
      const policyKey = typeof topic === 'string' ? key : undefined;
      frame = new StackFrame({ callee: fn, policyKey, readsArgs: true });
    }
    return limiter;
  };
  const atOnce = function (this: unknown, ...args: unknown[]): unknown {
    let limited: Limiter;
    let slot: Slot | undefined;
    try {
      limited = resolved();
      if (!isObserved) slot = takeNow(limited, this, args);
    } catch (error) {
      if (isKnownAsync) return rejectSoon(error);
      throw error;
    }
    const own = frame.under(outerFrame(atOnce));
    if (slot === undefined) return observed(limited, own, this, args);
    const result = runLimited(limited, slot, own, fn, this, args);
    if (result instanceof Promise) isKnownAsync ||= rememberPromise(fn);
    else isObserved = givesObservables(fn);
    return result;
  };
  const waiting = function (this: unknown, ...args: unknown[]): unknown {
    let limited: Limiter;
    try {
      limited = resolved();
    } catch (error) {
      return rejectSoon(error);
    }
    const own = frame.under(outerFrame(waiting));
    isObserved ||= !isKnownAsync && givesObservables(fn);
    return isObserved ? observed(limited, own, this, args) : callLimited(limited, own, fn, this, args);
  };
  const observed = (limited: Limiter, own: StackFrame, self: unknown, args: readonly unknown[]): unknown => {
    const result = callUnder(own, fn, self, args);
    return isObservable(result)
      ? admitObservable(result, () => streamHooksOf(limited, own, self, args, waits))
      : result;
  };
  const stream = function (this: unknown, ...args: unknown[]): unknown {
    const own = frame.under(outerFrame(stream));
    const made = callUnder(own, fn, this, args) as object;
    return admitStream(made, new SteppedCall(own, args), () =>
      streamHooksOf(resolved(), own, this, args, waits),
    );
  };
  const guarded = isGenerator(fn) ? stream : waits ? waiting : atOnce;
  if (guarded === stream) rememberStream(guarded);
  else if (waits || isKnownAsync) rememberPromise(guarded);
  resemble(guarded, fn);
  return guarded;
}
