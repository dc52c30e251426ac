import { isSignalCarrier } from '../../call/abort.js';
import {
  givesObservables,
  isAsynchronous,
  isGenerator,
  rememberPromise,
  rememberStream,
} from '../../call/function-kind.js';
import type { AnyFunction } from '../../call/guarded-function.js';
import { rejectSoon } from '../../call/reject-soon.js';
import { resemble } from '../../call/resemblance.js';
import { panelEpoch } from '../../panel/panel-epoch.js';
import type { CallPath } from './call-path.js';
import { NO_CALLS, noteAsync } from './fast-path.js';
import { guardObservable, isObservable } from './guarded-observable.js';
import { guardStream } from './guarded-stream.js';

/**
 * A function, guarded by a circuit that is resolved at its first call, and again when circuits have moved to another panel.
 *
 * @param resolvePath given the `this` of the call; what it throws, the call throws or rejects with
 */
export function guard(fn: AnyFunction, resolvePath: (self: unknown) => CallPath): AnyFunction {
  let isKnownAsync = isAsynchronous(fn);
  let path: CallPath | undefined;
  let resolvedAt = 0;
  // In an object: a variable that closures change is read more slowly than a field.
  const state = { fastPath: NO_CALLS };
  const resolved = (self: unknown): CallPath => {
    if (path === undefined || resolvedAt !== panelEpoch.count) {
      path = resolvePath(self);
      resolvedAt = panelEpoch.count;
    }
    return path;
  };
  const stream = function (this: unknown, ...args: unknown[]): unknown {
    const made = Reflect.apply(fn, this, args) as object;
    return guardStream(made, () => resolved(this), args);
  };
  const slow = (self: unknown, args: readonly unknown[]): unknown => {
    let current: CallPath;
    try {
      current = resolved(self);
    } catch (error) {
      if (isAsynchronous(fn)) return rejectSoon(error);
      throw error;
    }
    // The circuit is asked at each subscription, so that a refusal is an error to the subscriber.
    if (givesObservables(fn)) return observe(self, args);
    const admission = current.admit();
    state.fastPath = current.fastPath;
    if (admission.status === 'admitted') {
      const result = current.run(admission, fn, self, args);
      if (result instanceof Promise) isKnownAsync ||= rememberPromise(fn);
      return result;
    }
    if (current.rejects(fn)) return rejectSoon(admission.error);
    throw admission.error;
  };
  const observe = (self: unknown, args: readonly unknown[]): unknown => {
    const result: unknown = Reflect.apply(fn, self, args);
    return isObservable(result) ? guardObservable(result, () => resolved(self), args) : result;
  };
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    const { fastPath } = state;
    let isFree = fastPath.memory.peek(fastPath.at) === fastPath.freeTag;
    // Where the caller can abort, the outcome is judged with the arguments in hand.
    for (let i = 0; i < args.length; i++) isFree &&= !isSignalCarrier(args[i]);
    if (!isFree) {
      const copy: unknown[] = [];
      for (let i = 0; i < args.length; i++) copy[i] = args[i];
      return slow(this, copy);
    }
    const { onValue, onError, onOther } = fastPath;
    let result: unknown;
    try {
      result = Reflect.apply(fn, this, args);
    } catch (error) {
      return onError(error);
    }
    if (result instanceof Promise) {
      isKnownAsync ||= noteAsync(fastPath, fn);
      return result.then(onValue, onError);
    }
    return onOther(result, fn);
  };
  if (isKnownAsync) rememberPromise(guarded);
  const wrapper = isGenerator(fn) ? stream : guarded;
  if (wrapper === stream) rememberStream(wrapper);
  resemble(wrapper, fn);
  return wrapper;
}
