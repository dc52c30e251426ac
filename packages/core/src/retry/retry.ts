import { isAborted, reasonOf } from '../call/abort.js';
import type { Execution } from '../call/execution.js';
import { execution } from '../call/execution-reader.js';
import { StackFrame } from '../call/frame.js';
import { isGenerator, rememberPromise } from '../call/function-kind.js';
import type { AnyFunction } from '../call/guarded-function.js';
import { addLayer, type LayerExplanation, type PolicyLayer } from '../call/policy-stack.js';
import { type Policy, policyOf } from '../call/policy.js';
import { resemble } from '../call/resemblance.js';
import { rememberRetryAbort } from '../call/retry-aborts.js';
import { callUnder, deadlineOfCall, outerFrame, running } from '../call/running.js';
import { beginsTrace, tracedCall } from '../call/traced-call.js';
import { showValue } from '../errors/show-value.js';
import { OptionReader } from '../options/option-reader.js';
import { type Clock, wallClock } from '../time/clock.js';
import { formatDuration } from '../time/duration.js';
import type { RetryPolicy, RetrySettings } from './policy.js';
import { readRetryPolicy } from './read-policy.js';
import {
  type EndedAttempt,
  failedBy,
  isRetried,
  retryLoop,
  succeededBy,
  type Surroundings,
} from './retry-loop.js';
import { retryStage } from './retry-stage.js';

/** Where retries get time and chance from; tests hand in their own. */
export interface RetryOptions {
  /** Waits, and says how much time has passed. Default: the system's. */
  readonly clock?: Clock;
  /** Numbers of at least 0 and below 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
  /** Epoch milliseconds, by which a `Retry-After` that is a date is understood. Default `Date.now`. */
  readonly wallClock?: () => number;
}

/**
 * Lets a function that fails try again: what `@Retry` does for a method. The function keeps its `this`, name, length and type.
 *
 * Each call is a series of attempts of its own. What the last attempt throws is rethrown as it was, and {@link attemptsOf} tells what
 * came before it. An error that is thrown before there is a promise counts as a rejection.
 *
 * @throws PolicyError for a policy that makes no sense, or options, with everything that is wrong with it
 * The guarded function returns a promise, also where the function is sync: between attempts it has to wait.
 *
 * @throws TypeError on anything but a function, and on a generator
 * @example
 * const lookup = withRetry({ maxRetries: 5, initialDelay: '200ms' })(async (address: string) => geocode(address));
 */
export function withRetry(policy?: RetryPolicy, options?: RetryOptions): Policy<true> {
  const settings = readRetryPolicy(policy);
  const surroundings = surroundingsOf(options);
  const layer = retryLayer(policy, settings);
  const stage = retryStage(settings, surroundings);
  return policyOf('retry', true, (fn) => {
    if (typeof fn !== 'function') throw noFunction('withRetry', fn);
    if (isGenerator(fn)) {
      throw new TypeError(`${nameOf(fn)} cannot be retried, for it returns a stream; retry what makes it`);
    }
    const guarded = retried(fn, settings, surroundings);
    addLayer(guarded, fn, layer, stage);
    return guarded;
  });
}

/** What the stack of a retried function says. */
function retryLayer(policy: RetryPolicy = {}, settings: RetrySettings): PolicyLayer {
  const written = Object.freeze({ kind: 'retry', policy: Object.freeze({ ...policy }) });
  const explain = (): LayerExplanation => ({ admits: true, text: textOf(settings) });
  return Object.freeze({ kind: 'retry', key: undefined, keyFor: () => undefined, written, explain });
}

function textOf({ maxRetries, maxElapsed }: RetrySettings): string {
  const times = maxRetries === 1 ? '1 time' : `${maxRetries} times`;
  const often = maxRetries === Infinity ? 'without end' : `up to ${times}`;
  return `tries again ${often}${maxElapsed === Infinity ? '' : `, within ${formatDuration(maxElapsed)}`}.`;
}

/**
 * Calls a function until it succeeds or the policy ends it. Where the same function is called often, {@link withRetry} reads the policy
 * once.
 *
 * @param fn called with the {@link Execution} of each attempt, at least once unless the policy's signal has aborted; it may be sync
 * @returns what the last attempt returns; it rejects with what the last attempt throws, or with a PolicyError, or a TypeError if there
 * is no function
 * @example
 * const response = await retry(({ signal }) => fetch(url, { signal }), { maxElapsed: '10s', signal: stop });
 */
export async function retry<R>(
  fn: (execution: Execution) => R,
  policy?: RetryPolicy<Awaited<R>>,
  options?: RetryOptions,
): Promise<Awaited<R>> {
  if (typeof fn !== 'function') throw noFunction('retry', fn);
  const attempt = async (): Promise<Awaited<R>> => await fn(execution());
  resemble(attempt, fn);
  const settings = readRetryPolicy(policy as RetryPolicy | undefined);
  const retriedAttempt = retried(attempt, settings, surroundingsOf(options)) as typeof attempt;
  // Only the channels look for the stack of a function that nobody else has.
  if (running.isWatched)
    addLayer(retriedAttempt, attempt, retryLayer(policy as RetryPolicy | undefined, settings));
  return retriedAttempt();
}

function surroundingsOf(options: RetryOptions | undefined): Surroundings {
  const read = new OptionReader<RetryOptions>('RetryOptions', options);
  const clock = read.clock('clock');
  const random = read.callback('random') ?? Math.random;
  const epoch = read.callback('wallClock') ?? wallClock;
  read.finish();
  return { clock, random, wallClock: epoch };
}

function retried(fn: AnyFunction, settings: RetrySettings, surroundings: Surroundings): AnyFunction {
  const { signal, retryIf, countsFirstAttempt } = settings;
  const { clock } = surroundings;
  const first = new StackFrame({ attempt: 1, signal, callee: fn, readsArgs: true });
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    if (running.isWatched && beginsTrace(guarded)) return tracedCall(guarded, this, args);
    if (signal !== undefined && isAborted(signal)) {
      const reason = reasonOf(signal);
      rememberRetryAbort(reason);
      return Promise.reject(reason);
    }
    const start = countsFirstAttempt ? clock.now() : undefined;
    const frame = first.under(outerFrame(guarded));
    const deadline = deadlineOfCall(args);
    if (deadline !== undefined && deadline.remaining() <= 0) return Promise.reject(deadline.error());
    // Most calls end with their first attempt. They cost one promise and this closure; the rest is made for a retry.
    const goOn = (ended: EndedAttempt, isWanted?: true): Promise<unknown> => {
      const attempt = (number: number): unknown => callUnder(frame.inAttempt(number), fn, this, args);
      return retryLoop({ settings, surroundings, start, args, frame, deadline, attempt }, ended, isWanted);
    };
    const onError = (error: unknown): unknown => goOn(failedBy(error));
    let result: unknown;
    try {
      result = callUnder(frame, fn, this, args);
    } catch (error) {
      return onError(error);
    }
    // Between attempts it has to wait, so that the result of a sync function becomes a promise too.
    const promise = result instanceof Promise ? result : Promise.resolve(result);
    if (retryIf === undefined) return promise.then(undefined, onError);
    return promise.then((value: unknown) => {
      const ended = succeededBy(value);
      if (!isRetried(settings, ended.outcome, 1)) return value;
      return goOn(ended, true);
    }, onError);
  };
  // It may refuse before it has ever returned anything: a circuit around it must know what it returns.
  rememberPromise(guarded);
  resemble(guarded, fn);
  return guarded;
}

function noFunction(asked: string, given: unknown): TypeError {
  return new TypeError(`${asked}: expected a function, received ${showValue(given)}`);
}

function nameOf(fn: AnyFunction): string {
  return fn.name === '' ? 'the function' : fn.name;
}
