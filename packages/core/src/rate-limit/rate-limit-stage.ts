import { admitObservable } from '../call/admitted-observable.js';
import { givesObservables, isAsynchronous, rememberObservable } from '../call/function-kind.js';
import type { AnyFunction } from '../call/guarded-function.js';
import type { Observable } from '../call/observable.js';
import { deadlineOfCall, withinDeadline } from '../call/running.js';
import { type Call, type Exit, InnerExit, type Stage, type Step } from '../call/stage.js';
import { oncePerPanel } from '../panel/panel-epoch.js';
import type { Slot } from './gcra.js';
import {
  streamHooksOf,
  type Limiter,
  settleError,
  settleValue,
  takeNow,
  takeOrWait,
} from './limited-call.js';

/**
 * A rate limit as a stage of a compiled function.
 *
 * @param fn the function that the rate limit guards
 * @param resolve finds the rate limit, or throws
 * @param key the rate limit's name; undefined for one without
 */
export function rateLimitStage(
  fn: AnyFunction,
  resolve: () => Limiter,
  waits: boolean,
  key: string | undefined,
): Stage {
  const resolved = oncePerPanel(resolve);
  return {
    waits,
    races: false,
    names: { policyKey: key },
    compile(inner): Step {
      return (call, exit) => (givesObservables(fn) ? subscribed(call, exit) : limitedCall(call, exit));

      function subscribed(call: Call, exit: Exit): unknown {
        let limiter: Limiter;
        try {
          limiter = resolved();
        } catch (error) {
          return exit.error(call, error);
        }
        return inner(call, new LimitedExit({ limiter, fn, waits }, undefined, exit));
      }

      function limitedCall(call: Call, exit: Exit): unknown {
        let limiter: Limiter;
        let taken: Slot | Promise<Slot>;
        try {
          limiter = resolved();
          taken = waits
            ? takeOrWait(limiter, call.frame, call.self, call.args, call.given)
            : takeNow(limiter, call.self, call.args);
        } catch (error) {
          call.rejects ||= waits || isAsynchronous(fn);
          return exit.error(call, error);
        }
        const limited = { limiter, fn, waits };
        if (!(taken instanceof Promise)) return inner(call, new LimitedExit(limited, taken, exit));
        const deadline = deadlineOfCall(call.given);
        return taken.then(
          (slot) => withinDeadline(deadline, () => inner(call, new LimitedExit(limited, slot, exit))),
          (error: unknown) => exit.error(call, error),
        );
      }
    },
  };
}

interface LimitedFunction {
  readonly limiter: Limiter;
  readonly fn: AnyFunction;
  readonly waits: boolean;
}

/** Settles what one call has taken. */
class LimitedExit extends InnerExit {
  readonly #limited: LimitedFunction;
  /** Undefined where each subscription to the function's Observable takes a slot. */
  readonly #slot: Slot | undefined;

  constructor(limited: LimitedFunction, slot: Slot | undefined, exit: Exit) {
    super(exit, true);
    this.#limited = limited;
    this.#slot = slot;
  }

  value(call: Call, value: unknown): unknown {
    if (this.#slot !== undefined) settleValue(this.#limited.limiter, this.#slot, value);
    return this.exit.value(call, value);
  }

  error(call: Call, error: unknown): unknown {
    if (this.#slot !== undefined) settleError(this.#limited.limiter, this.#slot, error);
    return this.exit.error(call, error);
  }

  override observed(call: Call, observable: object): unknown {
    const { limiter, fn, waits } = this.#limited;
    rememberObservable(fn);
    // Each subscription is a call, and takes a slot of its own.
    if (this.#slot !== undefined) limiter.local.giveBack(this.#slot);
    const admitted = admitObservable(observable as Observable, () =>
      streamHooksOf(limiter, call.frame, call.self, call.args, waits),
    );
    return this.exit.observed(call, admitted);
  }
}
