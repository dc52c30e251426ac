import { boundObservable } from '../call/bounded-stream.js';
import { rememberObservable } from '../call/function-kind.js';
import type { AnyFunction } from '../call/guarded-function.js';
import type { Observable } from '../call/observable.js';
import { deadlineOfCall, withinDeadline } from '../call/running.js';
import { soon } from '../call/soon.js';
import { type Call, type Exit, InnerExit, type Stage, type Step } from '../call/stage.js';
import { DeadlineCall } from './deadline-call.js';
import { deadlineBound } from './deadline-bound.js';
import type { DeadlineSettings } from './policy.js';

/**
 * A deadline as a stage of a compiled function.
 *
 * @param wrapper the function that the policy has returned, which learns that the function gives Observables
 */
export function deadlineStage(settings: DeadlineSettings, wrapper: AnyFunction): Stage {
  const bound = (observable: Observable, { frame, args }: Call): Observable => {
    rememberObservable(wrapper);
    return boundObservable(observable, deadlineBound(settings, frame, args));
  };
  return {
    waits: true,
    races: true,
    compile(inner): Step {
      return (call, exit) => {
        const timed = new DeadlineCall(settings, call.frame, deadlineOfCall(call.given));
        if (!timed.start()) return exit.error(call, timed.error());
        const ending = new DeadlineExit(timed, bound, call, exit);
        return withinDeadline(timed, () => inner(call, ending));
      };
    },
  };
}

/** Ends a call by its outcome or its deadline, whichever comes first. */
class DeadlineExit extends InnerExit {
  readonly #timed: DeadlineCall;
  readonly #bound: (observable: Observable, call: Call) => Observable;
  #isOver = false;

  constructor(
    timed: DeadlineCall,
    bound: (observable: Observable, call: Call) => Observable,
    call: Call,
    exit: Exit,
  ) {
    super(exit, true);
    this.#timed = timed;
    this.#bound = bound;
    timed.fail = (error) => {
      if (!this.#end()) return;
      // The function hears that it is over before the policies further out do, also by other timers that end now.
      timed.abort(error);
      soon(() => exit.error(call, error));
    };
  }

  value(call: Call, value: unknown): unknown {
    return this.#end() ? this.exit.value(call, value) : undefined;
  }

  error(call: Call, error: unknown): unknown {
    return this.#end() ? this.exit.error(call, error) : undefined;
  }

  override observed(call: Call, observable: object): unknown {
    this.#end();
    return this.exit.observed(call, this.#bound(observable as Observable, call));
  }

  /** @returns false if it was over before */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#timed.stop();
    return true;
  }
}
