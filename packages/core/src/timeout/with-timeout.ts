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
import { callUnder, outerFrame, running } from '../call/running.js';
import { beginsTrace, tracedCall } from '../call/traced-call.js';
import { showValue } from '../errors/show-value.js';
import { type Duration, formatDuration } from '../time/duration.js';
import { timerListOf } from '../time/timer-lists.js';
import {
  readTimeoutPolicy,
  type TimeoutOptions,
  type TimeoutPolicy,
  type TimeoutSettings,
} from './policy.js';
import { firstItemBound } from './first-item-bound.js';
import { TimedCall } from './timed-call.js';
import { timeoutStage } from './timeout-stage.js';

/**
 * Ends calls that take too long, as `@Timeout` does for a method. A call whose time is over rejects with a {@link TimeoutError}, and
 * `execution().signal` aborts with that error. What the function does afterwards is dropped: its result, and its error.
 *
 * Nothing can stop work that does not listen to the signal, and work that blocks the event loop ends when it ends. Of an async
 * generator and an Observable the timeout bounds the wait for the first item. A sync function gets a promise of its result.
 *
 * @param policy the timeout, or a policy that has it
 * @throws PolicyError for a policy that makes no sense, with everything that is wrong with it
 * @throws TypeError on anything but a function, and on a sync generator
 * @example
 * const lookup = withTimeout('5s')(async (address: string) => {
 *   const { signal } = execution();
 *   return fetch(`${url}/${address}`, { signal });
 * });
 */
export function withTimeout(policy: Duration | TimeoutPolicy, options?: TimeoutOptions): Policy<true> {
  const settings = readTimeoutPolicy(policy, options);
  const layer = timeoutLayer(policy, settings.timeout);
  return policyOf('timeout', true, (fn) => {
    if (typeof fn !== 'function') {
      throw new TypeError(`withTimeout: expected a function, received ${showValue(fn)}`);
    }
    const guarded = isGenerator(fn) ? timedStream(fn, settings) : timed(fn, settings);
    resemble(guarded, fn);
    addLayer(guarded, fn, layer, timeoutStage(fn, settings, guarded));
    return guarded;
  });
}

/** What the stack of a function with a timeout says. */
function timeoutLayer(policy: Duration | TimeoutPolicy, timeout: number): PolicyLayer {
  const written = typeof policy === 'object' ? { ...policy } : { timeout: policy };
  return Object.freeze({
    kind: 'timeout',
    key: undefined,
    keyFor: () => undefined,
    written: Object.freeze({ kind: 'timeout', policy: Object.freeze(written) }),
    explain: () => ({ admits: true, text: `ends a call after ${formatDuration(timeout)}.` }),
  });
}

function timed(fn: AnyFunction, { timeout, clock }: TimeoutSettings): AnyFunction {
  const list = timerListOf(timeout, clock);
  const own = new StackFrame({ callee: fn, readsArgs: true });
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    if (running.isWatched && beginsTrace(guarded)) return tracedCall(guarded, this, args);
    const outer = outerFrame(guarded);
    const call = new TimedCall(own.under(outer), timeout);
    list.start(call);
    let result: unknown;
    try {
      result = callUnder(call, fn, this, args);
      if (!(result instanceof Promise) && isThenable(result)) result = Promise.resolve(result);
    } catch (error) {
      list.stop(call);
      return Promise.reject(error);
    }
    if (result instanceof Promise) return call.outcomeOf(result);
    list.stop(call);
    if (!isObservable(result)) return Promise.resolve(result);
    rememberObservable(guarded);
    return boundObservable(result, firstItemBound(own.under(outer), list, timeout, args));
  };
  // It may end before it has ever returned anything: a circuit around it must know what it returns.
  rememberPromise(guarded);
  return guarded;
}

function timedStream(fn: AnyFunction, { timeout, clock }: TimeoutSettings): AnyFunction {
  if (isSyncGenerator(fn)) throw syncStream(fn);
  const list = timerListOf(timeout, clock);
  const own = new StackFrame({ callee: fn, readsArgs: true });
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    const frame = own.under(outerFrame(guarded));
    const made = callUnder(frame, fn, this, args) as object;
    if (!(Symbol.asyncIterator in made)) throw syncStream(fn);
    return boundStream(made, firstItemBound(frame, list, timeout, args));
  };
  rememberStream(guarded);
  return guarded;
}

function syncStream({ name }: AnyFunction): TypeError {
  const what = name === '' ? 'the function' : name;
  return new TypeError(`${what} cannot have a timeout, for it is a sync generator; make it async`);
}
