import { isSignalCarrier } from '../../call/abort.js';
import { StackFrame } from '../../call/frame.js';
import {
  givesObservables,
  isAsynchronous,
  isGenerator,
  rememberPromise,
  rememberStream,
} from '../../call/function-kind.js';
import type { AnyFunction } from '../../call/guarded-function.js';
import { isObservable } from '../../call/observable.js';
import { rejectSoon } from '../../call/reject-soon.js';
import { resemble } from '../../call/resemblance.js';
import { callUnder, endExecution, outerFrame, running } from '../../call/running.js';
import { SteppedCall } from '../../call/stepped-call.js';
import { beginsTrace, tracedCall } from '../../call/traced-call.js';
import { panelEpoch } from '../../panel/panel-epoch.js';
import type { CallPath } from './call-path.js';
import { circuitFrames, NO_FRAMES } from './circuit-frames.js';
import { NO_CALLS, noteAsync, threwUnder } from './fast-path.js';
import { guardObservable } from './guarded-observable.js';
import { guardStream } from './guarded-stream.js';

/**
 * Resolves at the first call, and again when circuits have moved to another panel.
 *
 * @param onResolved hears what was resolved
 */
export function resolvedOnce(
  resolvePath: (self: unknown) => CallPath,
  onResolved?: (path: CallPath) => void,
): (self: unknown) => CallPath {
  let path: CallPath | undefined;
  let resolvedAt = 0;
  return (self) => {
    if (path === undefined || resolvedAt !== panelEpoch.count) {
      path = resolvePath(self);
      resolvedAt = panelEpoch.count;
      onResolved?.(path);
    }
    return path;
  };
}

/**
 * A function, guarded by a circuit that is resolved at its first call, and again when circuits have moved to another panel.
 *
 * @param resolvePath given the `this` of the call; what it throws, the call throws or rejects with
 */
export function guard(fn: AnyFunction, resolvePath: (self: unknown) => CallPath): AnyFunction {
  let isKnownAsync = isAsynchronous(fn);
  // In an object: a variable that closures change is read more slowly than a field.
  const state = { fastPath: NO_CALLS, frame: NO_FRAMES.free };
  let frames = NO_FRAMES;
  const resolved = resolvedOnce(resolvePath, ({ circuit }) => {
    frames = circuitFrames(circuit, fn);
    state.frame = frames.free;
  });
  const making = new StackFrame({ callee: fn, readsArgs: true });
  const stream = function (this: unknown, ...args: unknown[]): unknown {
    const outer = outerFrame(stream);
    // The circuit is resolved at the first item. Until then the policies further in only learn that they are in one stack.
    const made = callUnder(making.under(outer), fn, this, args) as object;
    const begin = (): SteppedCall => new SteppedCall(frames.reading.under(outer), args);
    return guardStream(made, fn, () => resolved(this), begin, args);
  };
  const slow = (self: unknown, args: readonly unknown[]): unknown => {
    if (running.isWatched && beginsTrace(guarded)) return tracedCall(guarded, self, args);
    const nested = nestedFrame(args);
    if (nested !== undefined) {
      const { fastPath } = state;
      let result: unknown;
      try {
        result = callUnder(nested, fn, self, args);
      } catch (error) {
        return fastPath.onError(error);
      }
      if (!(result instanceof Promise)) return fastPath.onOther(result, fn);
      isKnownAsync ||= noteAsync(fastPath, fn);
      return result.then(fastPath.onValue, fastPath.onError);
    }
    let current: CallPath;
    try {
      current = resolved(self);
    } catch (error) {
      if (isAsynchronous(fn)) return rejectSoon(error);
      throw error;
    }
    // The circuit is asked at each subscription, so that a refusal is an error to the subscriber.
    if (givesObservables(fn)) return observe(self, args);
    const admission = current.admit(fn);
    state.fastPath = current.fastPath;
    if (admission.status === 'admitted') {
      const frame = frames.reading.under(outerFrame(guarded));
      const result = current.run(admission, fn, self, args, frame);
      if (result instanceof Promise) isKnownAsync ||= rememberPromise(fn);
      return result;
    }
    return current.refuse(admission.error, fn, self, args);
  };
  /** The frame of a call inside of another guarded call, if neither that nor the arguments have a signal of the caller. */
  const nestedFrame = (args: readonly unknown[]): StackFrame | undefined => {
    const { fastPath } = state;
    if (running.frame?.callee === undefined) return undefined;
    if (fastPath.memory.peek(fastPath.at) !== fastPath.freeTag) return undefined;
    const frame = frames.free.under(outerFrame(guarded));
    return frame.hasCallersSignal || args.some(isSignalCarrier) ? undefined : frame;
  };
  const observe = (self: unknown, args: readonly unknown[]): unknown => {
    const result: unknown = Reflect.apply(fn, self, args);
    return isObservable(result) ? guardObservable(result, fn, () => resolved(self), args) : result;
  };
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    const { fastPath } = state;
    // Where the caller can abort, or another guarded call runs, the outcome is judged with all signals in hand.
    let isFree = fastPath.memory.peek(fastPath.at) === fastPath.freeTag && running.frame === undefined;
    for (let i = 0; i < args.length; i++) isFree &&= !isSignalCarrier(args[i]);
    if (!isFree) {
      const copy: unknown[] = [];
      for (let i = 0; i < args.length; i++) copy[i] = args[i];
      return slow(this, copy);
    }
    const frame = (running.frame = state.frame);
    let result: unknown;
    try {
      result = Reflect.apply(fn, this, args);
    } catch (error) {
      return threwUnder(frame, fastPath, error);
    }
    if (running.frame !== frame) result = endExecution(result);
    running.frame = undefined;
    if (result instanceof Promise) {
      isKnownAsync ||= noteAsync(fastPath, fn);
      return result.then(fastPath.onValue, fastPath.onError);
    }
    return fastPath.onOther(result, fn);
  };
  if (isKnownAsync) rememberPromise(guarded);
  const wrapper = isGenerator(fn) ? stream : guarded;
  if (wrapper === stream) rememberStream(wrapper);
  resemble(wrapper, fn);
  return wrapper;
}
