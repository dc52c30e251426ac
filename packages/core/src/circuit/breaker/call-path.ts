import { adopt, isAsynchronous, isThenable, rememberObservable } from '../../call/function-kind.js';
import type { AnyFunction } from '../../call/guarded-function.js';
import type { Failed, Refused } from '../../call/outcome.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import { beginProbe, endProbe, insideProbe } from '../local/probe-context.js';
import type { Admission } from '../machine/transition.js';
import { machinePhase, Phase, phaseOf } from '../memory/word.js';
import { type FastPath, fastPathUnder, NO_CALLS, returned, startTime, threw } from './fast-path.js';
import { guardObservable, isObservable, type Observable } from './guarded-observable.js';

/** The way of a call through a circuit: it asks for admission, runs the function, and settles the outcome. */
export class CallPath {
  readonly circuit: LocalCircuit;
  /** What calls are settled with while the circuit stays closed. */
  fastPath: FastPath = NO_CALLS;

  constructor(circuit: LocalCircuit) {
    this.circuit = circuit;
  }

  /** Asks for one call: the admission of the last one, while the circuit is closed and nothing has happened since. */
  admit(): Admission | Refused | Failed {
    const { admission, memory, at } = this.fastPath;
    return memory.peek(at) === admission.tag ? admission : this.#admitAnew();
  }

  /** @throws the refusal */
  admitOrThrow(): Admission {
    const admission = this.admit();
    if (admission.status !== 'admitted') throw admission.error;
    return admission;
  }

  #admitAnew(): Admission | Refused | Failed {
    const { circuit } = this;
    let admission: Admission | Refused;
    try {
      admission = circuit.admit();
    } catch (error) {
      // The circuit was removed and cannot be made anew: the panel is full, or its key stands for another policy.
      return { status: 'failed', error };
    }
    circuit.feed.reviewIfChanged(circuit.topic, circuit.record);
    if (
      admission.status === 'admitted' &&
      admitsFreely(admission.tag) &&
      admission.tag !== this.fastPath.admission.tag
    ) {
      this.fastPath = fastPathUnder(circuit, admission);
    }
    return admission;
  }

  /** Runs an admitted call whose outcome needs its own admission, start time or arguments. */
  run(admission: Admission, fn: AnyFunction, self: unknown, args: readonly unknown[]): unknown {
    if (admission.probe !== undefined) return this.#runProbe(admission, fn, self, args);
    const { circuit } = this;
    const start = startTime(circuit);
    let result: unknown;
    let isPromise: boolean;
    try {
      result = Reflect.apply(fn, self, args);
      isPromise = isThenable(result);
    } catch (error) {
      return threw(circuit, admission, error, start, args);
    }
    if (!isPromise) {
      if (isObservable(result)) return this.observed(fn, result, args, admission);
      return returned(circuit, admission, result, start);
    }
    return adopt(fn, result as PromiseLike<unknown>).then(
      (value) => returned(circuit, admission, value, start),
      (error: unknown) => threw(circuit, admission, error, start, args),
    );
  }

  /** Runs a probe. Calls of the same circuit inside it use its permit until its outcome is there. */
  #runProbe(admission: Admission, fn: AnyFunction, self: unknown, args: readonly unknown[]): unknown {
    const { circuit } = this;
    const start = startTime(circuit);
    const probe = beginProbe(circuit.memory, admission);
    let result: unknown;
    let isPromise: boolean;
    try {
      result = insideProbe(probe, (): unknown => Reflect.apply(fn, self, args));
      isPromise = isThenable(result);
    } catch (error) {
      endProbe(probe);
      return threw(circuit, admission, error, start, args);
    }
    const onValue = (value: unknown): unknown => {
      endProbe(probe);
      return returned(circuit, admission, value, start);
    };
    if (!isPromise) {
      if (!isObservable(result)) return onValue(result);
      endProbe(probe);
      return this.observed(fn, result, args, admission);
    }
    return adopt(fn, result as PromiseLike<unknown>).then(onValue, (error: unknown) => {
      endProbe(probe);
      return threw(circuit, admission, error, start, args);
    });
  }

  /**
   * Guards an Observable that a call has returned. The call itself counts as nothing, because each subscription is a call.
   *
   * @param admission of the call; undefined where it needed none
   */
  observed(
    fn: AnyFunction,
    result: Observable,
    args: readonly unknown[],
    admission: Admission | undefined,
  ): Observable {
    if (admission !== undefined) this.circuit.ignored(admission);
    rememberObservable(fn);
    return guardObservable(result, () => this, args);
  }

  /** Whether a call of the function that is not admitted rejects, rather than throws. */
  rejects(fn: AnyFunction): boolean {
    return this.circuit.settings.async ?? isAsynchronous(fn);
  }
}

/** Whether calls under a tag need no permit, so that one admission serves all of them. */
function admitsFreely(tag: number): boolean {
  const phase = phaseOf(tag);
  return phase === Phase.forcedClosed || machinePhase(phase) === Phase.closed;
}
