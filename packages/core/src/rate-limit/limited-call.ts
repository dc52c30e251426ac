import { admitObservable } from '../call/admitted-observable.js';
import type { AbortSignalLike } from '../call/abort.js';
import type { Frame } from '../call/frame.js';
import { isThenable, rememberObservable } from '../call/function-kind.js';
import type { AnyFunction } from '../call/guarded-function.js';
import { isObservable } from '../call/observable.js';
import { rejectSoon } from '../call/reject-soon.js';
import { callUnder, deadlineOfCall, signalsOfWait, withinDeadline } from '../call/running.js';
import type { StreamHooks } from '../call/stream-hooks.js';
import { warnUser } from '../call/user-warning.js';
import { fieldOf, isObject } from '../errors/object-shape.js';
import { showValue } from '../errors/show-value.js';
import { failureOf } from '../failure/failure-of.js';
import { refusalOf } from '../failure/refusal-of.js';
import type { Slot } from './gcra.js';
import type { LocalRateLimit } from './local-rate-limit.js';
import { type Costs, isCost } from './policy.js';

/** What a function that is limited needs at each call. */
export interface Limiter {
  readonly local: LocalRateLimit;
  readonly costs: Costs;
  /** Epoch milliseconds, by which a `Retry-After` that is a date is understood. */
  readonly wallClock: () => number;
}

const TOO_MANY_REQUESTS = 429;

/**
 * The units that a call takes.
 *
 * @throws RangeError for what is no cost
 */
function costOf({ local, costs }: Limiter, self: unknown, args: readonly unknown[]): number {
  const { cost } = costs;
  const { burst } = local.settings;
  if (typeof cost === 'number') return cost;
  let made: unknown;
  try {
    made = Reflect.apply(cost, self, args);
  } catch (error) {
    const fault = new RangeError(`cost of rate limit "${local.key}" threw: ${showValue(error)}`, {
      cause: error,
    });
    // The next attempt has the same arguments, whatever the cause is.
    throw Object.assign(fault, { retryable: false });
  }
  if (isCost(made, burst)) return made;
  throw new RangeError(
    `cost of rate limit "${local.key}": expected a number from 0 to ${burst}, the burst, received ${showValue(made)}`,
  );
}

/** @throws RateLimitError, RangeError */
export function takeNow(limiter: Limiter, self: unknown, args: readonly unknown[]): Slot {
  return limiter.local.takeNow(costOf(limiter, self, args));
}

/**
 * @param given what the signals of the caller are looked for in. Default the arguments
 * @param leaving makes a signal that aborts when the reader of a stream leaves
 * @throws RateLimitError, RangeError, or the reason of a signal, at once or as a rejection
 */
export function takeOrWait(
  limiter: Limiter,
  frame: Frame,
  self: unknown,
  args: readonly unknown[],
  given: readonly unknown[] = args,
  leaving?: () => AbortSignal,
): Slot | Promise<Slot> {
  const signalsOf = (): readonly AbortSignalLike[] => {
    const signals = signalsOfWait(frame, given);
    return leaving === undefined ? signals : [...signals, leaving()];
  };
  return limiter.local.take(costOf(limiter, self, args), signalsOf);
}

/** Runs a call that has its slot, and settles what it has taken. */
export function runLimited(
  limiter: Limiter,
  slot: Slot,
  frame: Frame,
  fn: AnyFunction,
  self: unknown,
  args: readonly unknown[],
): unknown {
  let result: unknown;
  try {
    result = callUnder(frame, fn, self, args);
  } catch (error) {
    settleError(limiter, slot, error);
    throw error;
  }
  if (!isThenable(result)) {
    if (isObservable(result)) {
      rememberObservable(fn);
      // Each subscription is a call, and takes a slot of its own.
      limiter.local.giveBack(slot);
      return admitObservable(result, () => streamHooksOf(limiter, frame, self, args));
    }
    settleValue(limiter, slot, result);
    return result;
  }
  const promise = result instanceof Promise ? result : Promise.resolve(result);
  return promise.then(
    (value: unknown) => {
      settleValue(limiter, slot, value);
      return value;
    },
    (error: unknown) => {
      settleError(limiter, slot, error);
      throw error;
    },
  );
}

/** Runs a call as soon as its slot is due. Never throws. */
export function callLimited(
  limiter: Limiter,
  frame: Frame,
  fn: AnyFunction,
  self: unknown,
  args: readonly unknown[],
): unknown {
  try {
    const taken = takeOrWait(limiter, frame, self, args);
    if (!(taken instanceof Promise)) return asPromise(runLimited(limiter, taken, frame, fn, self, args));
    const deadline = deadlineOfCall(args);
    return taken.then((slot) =>
      withinDeadline(deadline, () => runLimited(limiter, slot, frame, fn, self, args)),
    );
  } catch (error) {
    return rejectSoon(error);
  }
}

/** A stream takes its slot when it begins; the last item says what it has really taken. */
export function streamHooksOf(
  limiter: Limiter,
  frame: Frame,
  self: unknown,
  args: readonly unknown[],
  waits = true,
): StreamHooks {
  let slot: Slot | undefined;
  return {
    enter(leaving) {
      const taken = waits
        ? takeOrWait(limiter, frame, self, args, args, leaving)
        : takeNow(limiter, self, args);
      if (taken instanceof Promise) {
        return taken.then((due) => {
          slot = due;
        });
      }
      slot = taken;
      return true;
    },
    leave(end) {
      if (slot === undefined) return;
      if (end.kind === 'failed') settleError(limiter, slot, end.error);
      else if (end.hasItem) settleValue(limiter, slot, end.lastItem);
    },
  };
}

/** Settles what a call that has succeeded took. */
export function settleValue({ local, costs, wallClock }: Limiter, slot: Slot, value: unknown): void {
  if (local.settings.respectRetryAfter && isObject(value) && fieldOf(value, 'status') === TOO_MANY_REQUESTS)
    holdFor(local, value, wallClock);
  const { actualCost } = costs;
  if (actualCost === undefined) return;
  try {
    const actual = actualCost(value);
    if (typeof actual === 'number' && actual >= 0 && actual < Infinity) local.settle(slot, actual);
    else
      warnUser(`actualCost of rate limit "${local.key}" returned no number of at least 0`, { error: actual });
  } catch (error) {
    // The call has succeeded: what it was thought to take stands.
    warnUser(`actualCost of rate limit "${local.key}" threw`, { error });
  }
}

/** Settles what a call that has failed took: its slot, unless it was refused further in. */
export function settleError({ local, wallClock }: Limiter, slot: Slot, error: unknown): void {
  if (refusalOf(error) !== undefined) local.giveBack(slot);
  else if (local.settings.respectRetryAfter) holdFor(local, error, wallClock);
}

function holdFor(local: LocalRateLimit, said: unknown, wallClock: () => number): void {
  const { retryAfter, family } = failureOf(said, wallClock);
  if (retryAfter !== undefined && retryAfter > 0 && family !== 'switchgear') local.hold(retryAfter);
}

function asPromise(result: unknown): unknown {
  return result instanceof Promise || isObservable(result) ? result : Promise.resolve(result);
}
