import { StackFrame } from './frame.js';
import {
  GAVE_PLAIN,
  GAVE_PROMISES,
  isAsynchronous,
  isGenerator,
  isThenable,
  rememberPlain,
  rememberPromise,
} from './function-kind.js';
import type { AnyFunction } from './guarded-function.js';
import { isObservable } from './observable.js';
import { type Composed, composedOf, copyStack } from './policy-stack.js';
import { rejectSoon } from './reject-soon.js';
import { resemble } from './resemblance.js';
import { callUnder, outerFrame, running } from './running.js';
import { Call, Exit, type Stage, type Step } from './stage.js';
import { beginsTrace, tracedCall } from './traced-call.js';

/**
 * Makes one function of a function and the policies around it. A call of it costs one promise, not one for each policy.
 *
 * It behaves as the guarded function does that it is made of: called at the same times with the same arguments, it has the same
 * outcomes and publishes the same events in the same order. Only the number of microtasks differs.
 *
 * @param guarded a function that a policy has returned. Compiling ends at a wrapper that is not of a policy of this package.
 * @returns the function as it is if fewer than two policies guard it, or it returns a stream
 */
export function compile(guarded: AnyFunction): AnyFunction {
  const composed = composedOf(guarded);
  if (composed === undefined || composed.stages.length < 2 || isGenerator(composed.fn)) return guarded;
  const compiled = composed.stages.some(({ races }) => races) ? racing(composed) : returning(composed);
  if (composed.stages.some(({ waits }) => waits) || isAsynchronous(guarded)) rememberPromise(compiled);
  resemble(compiled, guarded);
  copyStack(compiled, guarded, composed);
  return compiled;
}

/** A compiled function whose outcome is that of its innermost call: what the exits return is what the call returns. */
function returning({ stages, fn }: Composed): AnyFunction {
  const waits = stages.some((stage) => stage.waits);
  const begin = chained(stages, fn);
  const frame = frameOf(stages, fn);
  const compiled = function (this: unknown, ...args: unknown[]): unknown {
    if (running.isWatched && beginsTrace(compiled)) return tracedCall(compiled, this, args);
    const call =
      running.frame === undefined ? new Call(this, args, args, frame) : nested(compiled, frame, this, args);
    let result: unknown;
    try {
      result = begin(call, ROOT);
    } catch (error) {
      if (waits || call.rejects) return rejectSoon(error);
      throw error;
    }
    return result instanceof Promise || !(waits || call.rejects) ? result : Promise.resolve(result);
  };
  return compiled;
}

/** A compiled function that may end before its innermost call has: its promise is made first, and the first outcome settles it. */
function racing({ stages, fn }: Composed): AnyFunction {
  const begin = chained(stages, fn);
  const frame = frameOf(stages, fn);
  const compiled = function (this: unknown, ...args: unknown[]): unknown {
    if (running.isWatched && beginsTrace(compiled)) return tracedCall(compiled, this, args);
    const call =
      running.frame === undefined ? new Call(this, args, args, frame) : nested(compiled, frame, this, args);
    const promise = new Promise((resolve, reject) => {
      call.race = { resolve, reject, observable: undefined };
      begin(call, RACING_ROOT);
    });
    return call.race?.observable ?? promise;
  };
  return compiled;
}

/** The call of a compiled function inside of another guarded call. */
function nested(compiled: object, frame: StackFrame, self: unknown, args: readonly unknown[]): Call {
  const outer = outerFrame(compiled);
  // What the outer call was given may tell that the caller gives up.
  const given = outer?.readsArgs === true ? [...args, ...running.args] : args;
  return new Call(self, args, given, frame.under(outer));
}

/** What the stages say of each call. */
function frameOf(stages: readonly Stage[], callee: AnyFunction): StackFrame {
  let circuit: string | undefined;
  let policyKey: string | undefined;
  for (const { names } of stages) {
    circuit = names?.circuit ?? circuit;
    policyKey = names?.policyKey ?? policyKey;
  }
  return new StackFrame({ callee, circuit, policyKey, readsArgs: true });
}

/** Puts the stages around the call of the function. */
function chained(stages: readonly Stage[], fn: AnyFunction): Step {
  return stages.reduceRight((inner, stage) => stage.compile(inner), innermost(fn));
}

/** Calls the function itself. */
function innermost(fn: AnyFunction): Step {
  let known = 0;
  return (call, exit) => {
    let result: unknown;
    try {
      result = callUnder(call.frame, fn, call.self, call.args, call.given);
    } catch (error) {
      return exit.error(call, error);
    }
    if (!(result instanceof Promise)) return other(result, call, exit);
    if ((known & exit.noted & GAVE_PROMISES) === 0) {
      known |= GAVE_PROMISES;
      rememberPromise(fn);
      exit.note(GAVE_PROMISES);
    }
    return exit.onValue === undefined
      ? settled(result, call, exit)
      : result.then(exit.onValue, (error: unknown) => exit.error(call, error));
  };

  function other(result: unknown, call: Call, exit: Exit): unknown {
    let isPromised: boolean;
    try {
      isPromised = isThenable(result);
    } catch (error) {
      return exit.error(call, error);
    }
    if (isPromised) {
      rememberPromise(fn);
      exit.note(GAVE_PROMISES);
      return settled(Promise.resolve(result), call, exit);
    }
    if (isObservable(result)) return exit.observed(call, result);
    if ((known & exit.noted & GAVE_PLAIN) === 0) {
      known |= GAVE_PLAIN;
      rememberPlain(fn);
      exit.note(GAVE_PLAIN);
    }
    return exit.value(call, result);
  }
}

// Apart, so that a call that needs one closure does not make the variables of two.
function settled(result: Promise<unknown>, call: Call, exit: Exit): Promise<unknown> {
  return result.then(
    (value: unknown) => exit.value(call, value),
    (error: unknown) => exit.error(call, error),
  );
}

const ALL_KINDS = GAVE_PROMISES | GAVE_PLAIN;

class Root extends Exit {
  constructor() {
    super(false, ALL_KINDS);
  }

  value(_: Call, value: unknown): unknown {
    return value;
  }

  error(_: Call, error: unknown): never {
    throw error;
  }
}

const ROOT = new Root();

/** Ends the calls that may end before their function has. It is given the call that the outermost stage was given. */
class RacingRoot extends Exit {
  constructor() {
    super(true, ALL_KINDS);
  }

  value({ race }: Call, value: unknown): void {
    race?.resolve(value);
  }

  error({ race }: Call, error: unknown): void {
    race?.reject(error as Error);
  }

  override observed({ race }: Call, observable: object): void {
    if (race !== undefined) race.observable = observable;
  }
}

const RACING_ROOT = new RacingRoot();
