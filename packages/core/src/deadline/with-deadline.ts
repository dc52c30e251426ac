import { boundObservable, boundStream } from '../call/bounded-stream.js';
import { StackFrame } from '../call/frame.js';
import {
  isGenerator,
  isSyncGenerator,
  isThenable,
  rememberObservable,
  rememberPromise,
  rememberStream,
} from '../call/function-kind.js';
import type { AnyFunction } from '../call/guarded-function.js';
import { isObservable } from '../call/observable.js';
import { addLayer, type PolicyLayer } from '../call/policy-stack.js';
import { type Policy, policyOf } from '../call/policy.js';
import { resemble } from '../call/resemblance.js';
import { beAware, callUnder, deadlineOfCall, outerFrame, running, withinDeadline } from '../call/running.js';
import { beginsTrace, tracedCall } from '../call/traced-call.js';
import { showValue } from '../errors/show-value.js';
import { type Duration, formatDuration } from '../time/duration.js';
import { deadlineBound } from './deadline-bound.js';
import { DeadlineCall } from './deadline-call.js';
import { deadlineStage } from './deadline-stage.js';
import {
  type DeadlineOptions,
  type DeadlinePolicy,
  type DeadlineSettings,
  readDeadlinePolicy,
} from './policy.js';

/**
 * Ends calls that take too long with all their attempts and waits, as `@Deadline` does for a method. A call whose time is over rejects
 * with a {@link DeadlineError}, and `execution().signal` aborts with that error. What the function does afterwards is dropped.
 *
 * A retry further in begins no attempt or wait that cannot end in time. A guarded call that the function begins before its first
 * `await`, or is given the execution, inherits the deadline; with a deadline of its own it has the earlier one of the two.
 *
 * Of an async generator and an Observable it bounds the whole. A sync function gets a promise of its result.
 *
 * @param policy the deadline as a length of time, counted from each call, or a policy that has it
 * @throws PolicyError for a policy that makes no sense, with everything that is wrong with it
 * @throws TypeError on anything but a function, and on a sync generator
 * @example
 * const load = withDeadline('10s')(withRetry()(async (id: string) => fetch(`${url}/${id}`, { signal: execution().signal })));
 */
export function withDeadline(policy: Duration | DeadlinePolicy, options?: DeadlineOptions): Policy<true> {
  const settings = readDeadlinePolicy(policy, options);
  const layer = deadlineLayer(policy, settings.deadline);
  beAware();
  return policyOf('deadline', true, (fn) => {
    if (typeof fn !== 'function') {
      throw new TypeError(`withDeadline: expected a function, received ${showValue(fn)}`);
    }
    const guarded = isGenerator(fn) ? boundedStream(fn, settings) : bounded(fn, settings);
    resemble(guarded, fn);
    addLayer(guarded, fn, layer, deadlineStage(settings, guarded));
    return guarded;
  });
}

/** What the stack of a function with a deadline says. */
function deadlineLayer(policy: Duration | DeadlinePolicy, deadline: number): PolicyLayer {
  const written = typeof policy === 'object' ? { ...policy } : { deadline: policy };
  return Object.freeze({
    kind: 'deadline',
    key: undefined,
    keyFor: () => undefined,
    written: Object.freeze({ kind: 'deadline', policy: Object.freeze(written) }),
    explain: () => ({
      admits: true,
      text: `ends a call with all its attempts after ${formatDuration(deadline)}.`,
    }),
  });
}

function bounded(fn: AnyFunction, settings: DeadlineSettings): AnyFunction {
  const own = new StackFrame({ callee: fn, readsArgs: true });
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    if (running.isWatched && beginsTrace(guarded)) return tracedCall(guarded, this, args);
    const frame = own.under(outerFrame(guarded));
    const call = new DeadlineCall(settings, frame, deadlineOfCall(args));
    if (!call.start()) return Promise.reject(call.error());
    let result: unknown;
    try {
      result = withinDeadline(call, () => callUnder(frame, fn, this, args));
      if (!(result instanceof Promise) && isThenable(result)) result = Promise.resolve(result);
    } catch (error) {
      call.stop();
      return Promise.reject(error);
    }
    if (result instanceof Promise) return call.outcomeOf(result);
    call.stop();
    if (!isObservable(result)) return Promise.resolve(result);
    rememberObservable(guarded);
    return boundObservable(result, deadlineBound(settings, frame, args));
  };
  // It may end before it has ever returned anything: a circuit around it must know what it returns.
  rememberPromise(guarded);
  return guarded;
}

function boundedStream(fn: AnyFunction, settings: DeadlineSettings): AnyFunction {
  if (isSyncGenerator(fn)) throw syncStream(fn);
  const own = new StackFrame({ callee: fn, readsArgs: true });
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    const frame = own.under(outerFrame(guarded));
    const made = callUnder(frame, fn, this, args) as object;
    if (!(Symbol.asyncIterator in made)) throw syncStream(fn);
    return boundStream(made, deadlineBound(settings, frame, args));
  };
  rememberStream(guarded);
  return guarded;
}

function syncStream({ name }: AnyFunction): TypeError {
  const what = name === '' ? 'the function' : name;
  return new TypeError(`${what} cannot have a deadline, for it is a sync generator; make it async`);
}
