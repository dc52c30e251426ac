import { givesObservables, isAsynchronous, rememberObservable } from '../call/function-kind.js';
import type { AnyFunction } from '../call/guarded-function.js';
import type { Observable } from '../call/observable.js';
import { deadlineOfCall, withinDeadline } from '../call/running.js';
import { type Call, type Exit, InnerExit, type Stage, type Step } from '../call/stage.js';
import { admitObservable } from '../call/admitted-observable.js';
import { oncePerPanel } from '../panel/panel-epoch.js';
import { enterAtOnce, enterOrWait, streamHooksOf } from './held-call.js';
import type { LocalBulkhead } from './local-bulkhead.js';

/** What the calls of one bulkhead have in common. */
interface HeldFunction {
  readonly local: LocalBulkhead;
  /** The function that the bulkhead guards. */
  readonly fn: AnyFunction;
  readonly waits: boolean;
}

/**
 * A bulkhead as a stage of a compiled function.
 *
 * @param fn the function that the bulkhead guards
 * @param resolve finds the bulkhead, or throws
 * @param key the bulkhead's name; undefined for one without
 */
export function bulkheadStage(
  fn: AnyFunction,
  resolve: () => LocalBulkhead,
  waits: boolean,
  key: string | undefined,
): Stage {
  const resolved = oncePerPanel(resolve);
  return {
    waits,
    races: false,
    names: { policyKey: key },
    compile(inner): Step {
      let shared: HeldExit | undefined;
      return (call, exit) => {
        let local: LocalBulkhead;
        try {
          local = resolved();
        } catch (error) {
          call.rejects ||= waits || isAsynchronous(fn);
          return exit.error(call, error);
        }
        if (givesObservables(fn)) return inner(call, new HeldExit({ local, fn, waits }, exit, false));
        if (shared?.held.local !== local || shared.exit !== exit)
          shared = new HeldExit({ local, fn, waits }, exit, true);
        return waits ? enter(call, shared) : enterNow(call, shared);
      };

      function enterNow(call: Call, ending: HeldExit): unknown {
        const { local } = ending.held;
        if (local.tryEnter()) return inner(call, ending);
        call.rejects ||= isAsynchronous(fn);
        return ending.exit.error(call, local.refuse('full', 0));
      }

      function enter(call: Call, ending: HeldExit): unknown {
        const { exit, held } = ending;
        let entered: true | Promise<void>;
        try {
          entered = enterOrWait(held.local, call.frame, call.given);
        } catch (error) {
          return exit.error(call, error);
        }
        if (entered === true) return inner(call, ending);
        const deadline = deadlineOfCall(call.given);
        return entered.then(
          () => withinDeadline(deadline, () => inner(call, ending)),
          (error: unknown) => exit.error(call, error),
        );
      }
    },
  };
}

/** Gives the permits of calls back when they have ended. */
class HeldExit extends InnerExit {
  readonly held: HeldFunction;
  /** False where the permit is taken by each subscription to the function's Observable. */
  readonly #hasPermit: boolean;

  constructor(held: HeldFunction, exit: Exit, hasPermit: boolean) {
    super(exit, exit.onValue === undefined);
    this.held = held;
    this.#hasPermit = hasPermit;
  }

  value(call: Call, value: unknown): unknown {
    this.#leave();
    return this.exit.value(call, value);
  }

  error(call: Call, error: unknown): unknown {
    this.#leave();
    return this.exit.error(call, error);
  }

  override observed(call: Call, observable: object): unknown {
    const { local, fn, waits } = this.held;
    this.#leave();
    rememberObservable(fn);
    const enter = waits ? enterOrWait : enterAtOnce;
    const held = admitObservable(observable as Observable, () =>
      streamHooksOf(local, call.frame, call.args, enter),
    );
    return this.exit.observed(call, held);
  }

  #leave(): void {
    if (this.#hasPermit) this.held.local.leave();
  }
}
