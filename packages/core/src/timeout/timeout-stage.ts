import { boundObservable } from '../call/bounded-stream.js';
import { type Frame, StackFrame } from '../call/frame.js';
import { rememberObservable } from '../call/function-kind.js';
import type { AnyFunction } from '../call/guarded-function.js';
import type { Observable } from '../call/observable.js';
import { type Call, type Exit, InnerExit, type Stage, type Step } from '../call/stage.js';
import { soon } from '../call/soon.js';
import { timerListOf } from '../time/timer-lists.js';
import { firstItemBound } from './first-item-bound.js';
import type { TimeoutSettings } from './policy.js';
import { TimedCall } from './timed-call.js';
import type { TimeoutError } from './timeout-error.js';

/**
 * A timeout as a stage of a compiled function.
 *
 * @param fn the function that the timeout guards
 * @param wrapper the function that the policy has returned, which learns that the function gives Observables
 */
export function timeoutStage(
  fn: AnyFunction,
  { timeout, clock }: TimeoutSettings,
  wrapper: AnyFunction,
): Stage {
  const list = timerListOf(timeout, clock);
  const own = new StackFrame({ callee: fn, readsArgs: true });
  const bound = (observable: Observable, { frame, args }: Call): Observable => {
    rememberObservable(wrapper);
    return boundObservable(observable, firstItemBound(frame, list, timeout, args));
  };
  return {
    waits: true,
    races: true,
    compile(inner): Step {
      return (call, exit) => {
        const timed = new StagedCall(own.under(call.frame), timeout, call, exit);
        list.start(timed);
        return inner(call.under(timed), new TimeoutExit(timed, bound));
      };
    },
  };
}

/** A call with a timeout whose stage has not ended yet. */
class StagedCall extends TimedCall {
  readonly call: Call;
  readonly exit: Exit;
  #isOver = false;

  constructor(frame: Frame, timeout: number, call: Call, exit: Exit) {
    super(frame, timeout);
    this.call = call;
    this.exit = exit;
  }

  /** @returns whether the stage ends by this: by what comes first, the outcome or the timeout */
  end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.list?.stop(this);
    return true;
  }

  protected override endBy(error: TimeoutError): void {
    if (!this.end()) return;
    // The function hears that it is over before the policies further out do, also by other timers that end now.
    this.controller?.abort(error);
    soon(() => this.exit.error(this.call, error));
  }
}

/** Drops what comes after the timeout. */
class TimeoutExit extends InnerExit {
  readonly #timed: StagedCall;
  readonly #bound: (observable: Observable, call: Call) => Observable;

  constructor(timed: StagedCall, bound: (observable: Observable, call: Call) => Observable) {
    super(timed.exit, true);
    this.#timed = timed;
    this.#bound = bound;
  }

  value(_: Call, value: unknown): unknown {
    const timed = this.#timed;
    return timed.end() ? timed.exit.value(timed.call, value) : undefined;
  }

  error(_: Call, error: unknown): unknown {
    const timed = this.#timed;
    return timed.end() ? timed.exit.error(timed.call, error) : undefined;
  }

  override observed(_: Call, observable: object): unknown {
    const { call, exit } = this.#timed;
    this.#timed.end();
    return exit.observed(call, this.#bound(observable as Observable, call));
  }
}
