import type { AnyFunction } from '../../call/guarded-function.js';
import type { Observable } from '../../call/observable.js';
import { callersSignals } from '../../call/running.js';
import { type Call, Exit } from '../../call/stage.js';
import { endProbe, type RunningProbe } from '../local/probe-context.js';
import type { Admission } from '../machine/transition.js';
import type { CallPath } from './call-path.js';
import { type FastPath, returned } from './fast-path.js';
import { guardObservable } from './guarded-observable.js';

/** Ends the calls that need no permit and no start, as long as the circuit and the exit around it stay the same. */
export class FreeExit extends Exit {
  readonly fastPath: FastPath;
  readonly exit: Exit;
  readonly #path: CallPath;
  readonly #fn: AnyFunction;

  constructor(path: CallPath, fn: AnyFunction, exit: Exit) {
    super(exit.onValue === undefined, path.fastPath.results & exit.noted);
    this.fastPath = path.fastPath;
    this.exit = exit;
    this.#path = path;
    this.#fn = fn;
  }

  value(call: Call, value: unknown): unknown {
    this.fastPath.onValue(value);
    return this.exit.value(call, value);
  }

  error(call: Call, error: unknown): unknown {
    this.#path.circuit.failed(this.fastPath.admission, error, false, signalsOf(call));
    return this.exit.error(call, error);
  }

  override observed(call: Call, observable: object): unknown {
    const guarded = this.#path.observed(this.#fn, observable as Observable, signalsOf(call), undefined);
    return this.exit.observed(call, guarded);
  }

  override note(kind: number): void {
    super.note(kind);
    this.#path.gave(kind, this.#fn);
    this.exit.note(kind);
  }
}

/** One call that the circuit has admitted by itself. */
export interface AdmittedCall {
  readonly path: CallPath;
  /** The function that the circuit guards. */
  readonly fn: AnyFunction;
  readonly admission: Admission;
  /** A reading of the clock; undefined where the policy does not ask how long calls take. */
  readonly start: number | undefined;
  readonly probe: RunningProbe | undefined;
}

/** Ends one call whose outcome needs its own admission or its start. */
export class AdmittedExit extends Exit {
  readonly #admitted: AdmittedCall;
  readonly #exit: Exit;

  constructor(admitted: AdmittedCall, exit: Exit) {
    super(true, 0);
    this.#admitted = admitted;
    this.#exit = exit;
  }

  value(call: Call, value: unknown): unknown {
    const { path, admission, start } = this.#admitted;
    this.#endProbe();
    returned(path.circuit, admission, value, start);
    return this.#exit.value(call, value);
  }

  error(call: Call, error: unknown): unknown {
    const { path, admission, start } = this.#admitted;
    this.#endProbe();
    path.circuit.failed(admission, error, path.circuit.isSlow(start), signalsOf(call));
    return this.#exit.error(call, error);
  }

  override observed(call: Call, observable: object): unknown {
    const { path, fn, admission } = this.#admitted;
    this.#endProbe();
    return this.#exit.observed(call, path.observed(fn, observable as Observable, signalsOf(call), admission));
  }

  override note(kind: number): void {
    const { path, fn, admission } = this.#admitted;
    path.note(kind, fn, admission);
    this.#exit.note(kind);
  }

  #endProbe(): void {
    const { probe } = this.#admitted;
    if (probe !== undefined) endProbe(probe);
  }
}

/** Guards the Observables of a function that is known to give them. */
export class SubscriptionExit extends Exit {
  readonly #path: CallPath;
  readonly #fn: AnyFunction;
  readonly #exit: Exit;

  constructor(path: CallPath, fn: AnyFunction, exit: Exit) {
    super(true, exit.noted);
    this.#path = path;
    this.#fn = fn;
    this.#exit = exit;
  }

  value(call: Call, value: unknown): unknown {
    return this.#exit.value(call, value);
  }

  error(call: Call, error: unknown): unknown {
    return this.#exit.error(call, error);
  }

  override observed(call: Call, observable: object): unknown {
    const resolve = (): CallPath => this.#path;
    return this.#exit.observed(
      call,
      guardObservable(observable as Observable, this.#fn, resolve, signalsOf(call)),
    );
  }
}

/** What the signals of the caller are looked for in. */
function signalsOf({ frame, given }: Call): readonly unknown[] {
  return callersSignals(frame, given);
}
