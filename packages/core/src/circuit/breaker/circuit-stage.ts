import { givesObservables, isAsynchronous } from '../../call/function-kind.js';
import type { AnyFunction } from '../../call/guarded-function.js';
import type { Observable } from '../../call/observable.js';
import { type Call, Exit, type Stage, type Step } from '../../call/stage.js';
import { beginProbe, endProbe, insideProbe, type RunningProbe } from '../local/probe-context.js';
import type { Admission } from '../machine/transition.js';
import type { CallPath } from './call-path.js';
import { type FastPath, noteResult, returned, startTime } from './fast-path.js';
import { guardObservable } from './guarded-observable.js';

/** Finds the way through the circuit of a call, or throws. */
type ResolvePath = (self: unknown, args: readonly unknown[]) => CallPath;

/** A circuit as a stage of a compiled function. It admits and settles as a guarded function does. */
export function circuitStage(resolvePath: ResolvePath): Stage {
  return {
    waits: false,
    races: false,
    compile(inner, innermost, innerWaits): Step {
      let free: FreeExit | undefined;
      return (call, exit) => {
        let path: CallPath;
        try {
          path = resolvePath(call.self, call.args);
        } catch (error) {
          call.rejects ||= innerWaits || isAsynchronous(innermost);
          return exit.error(call, error);
        }
        const { fastPath } = path;
        if (fastPath.memory.peek(fastPath.at) === fastPath.freeTag) {
          if (free?.fastPath !== fastPath || free.exit !== exit) free = new FreeExit(path, innermost, exit);
          return inner(call, free);
        }
        return begin(path, call, exit);
      };

      function begin(path: CallPath, call: Call, exit: Exit): unknown {
        // The circuit is asked at each subscription, so that a refusal is an error to the subscriber.
        if (givesObservables(innermost)) return inner(call, new SubscriptionExit(path, exit));
        const admission = path.admit();
        if (admission.status !== 'admitted') {
          call.rejects ||= rejects(path);
          return exit.error(call, admission.error);
        }
        const start = startTime(path.circuit);
        if (admission.probe === undefined)
          return inner(call, new AdmittedExit(path, innermost, admission, start, undefined, exit));
        const probe = beginProbe(path.circuit.memory, admission);
        const probeExit = new AdmittedExit(path, innermost, admission, start, probe, exit);
        return insideProbe(probe, () => inner(call, probeExit));
      }

      function rejects(path: CallPath): boolean {
        return innerWaits ? path.circuit.settings.async !== false : path.rejects(innermost);
      }
    },
  };
}

/** Ends calls that need no permit and no start, of one circuit and one exit, as long as its tag stays. */
class FreeExit extends Exit {
  readonly fastPath: FastPath;
  readonly exit: Exit;
  readonly #path: CallPath;
  readonly #innermost: AnyFunction;

  constructor(path: CallPath, innermost: AnyFunction, exit: Exit) {
    super(exit.onValue === undefined, path.fastPath.results & exit.noted);
    this.fastPath = path.fastPath;
    this.exit = exit;
    this.#path = path;
    this.#innermost = innermost;
  }

  value(call: Call, value: unknown): unknown {
    this.fastPath.onValue(value);
    return this.exit.value(call, value);
  }

  error(call: Call, error: unknown): unknown {
    this.#path.circuit.failed(this.fastPath.admission, error, false, call.args);
    return this.exit.error(call, error);
  }

  override observed(call: Call, observable: object): unknown {
    const guarded = this.#path.observed(this.#innermost, observable as Observable, call.args, undefined);
    return this.exit.observed(call, guarded);
  }

  override note(kind: number): void {
    super.note(kind);
    noteResult(this.fastPath, kind);
    this.exit.note(kind);
  }
}

/** Ends one call whose outcome needs its own admission or its start. */
class AdmittedExit extends Exit {
  readonly #path: CallPath;
  readonly #innermost: AnyFunction;
  readonly #admission: Admission;
  readonly #start: number | undefined;
  readonly #probe: RunningProbe | undefined;
  readonly #exit: Exit;

  constructor(
    path: CallPath,
    innermost: AnyFunction,
    admission: Admission,
    start: number | undefined,
    probe: RunningProbe | undefined,
    exit: Exit,
  ) {
    super(true, 0);
    this.#path = path;
    this.#innermost = innermost;
    this.#admission = admission;
    this.#start = start;
    this.#probe = probe;
    this.#exit = exit;
  }

  value(call: Call, value: unknown): unknown {
    this.#end();
    returned(this.#path.circuit, this.#admission, value, this.#start);
    return this.#exit.value(call, value);
  }

  error(call: Call, error: unknown): unknown {
    const { circuit } = this.#path;
    this.#end();
    circuit.failed(this.#admission, error, circuit.isSlow(this.#start), call.args);
    return this.#exit.error(call, error);
  }

  override observed(call: Call, observable: object): unknown {
    this.#end();
    const guarded = this.#path.observed(
      this.#innermost,
      observable as Observable,
      call.args,
      this.#admission,
    );
    return this.#exit.observed(call, guarded);
  }

  override note(kind: number): void {
    this.#path.note(kind, this.#innermost, this.#admission);
    this.#exit.note(kind);
  }

  #end(): void {
    if (this.#probe !== undefined) endProbe(this.#probe);
  }
}

/** Guards the Observables of a function that is known to give them. */
class SubscriptionExit extends Exit {
  readonly #path: CallPath;
  readonly #exit: Exit;

  constructor(path: CallPath, exit: Exit) {
    super(true, exit.noted);
    this.#path = path;
    this.#exit = exit;
  }

  value(call: Call, value: unknown): unknown {
    return this.#exit.value(call, value);
  }

  error(call: Call, error: unknown): unknown {
    return this.#exit.error(call, error);
  }

  override observed(call: Call, observable: object): unknown {
    return this.#exit.observed(
      call,
      guardObservable(observable as Observable, () => this.#path, call.args),
    );
  }
}
