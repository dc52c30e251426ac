import type { StackFrame } from '../../call/frame.js';
import {
  GAVE_OBSERVABLES,
  GAVE_PLAIN,
  GAVE_PROMISES,
  givesObservables,
  isThenable,
  rememberObservable,
  rememberPlain,
  rememberPromise,
  resultKindOf,
} from '../../call/function-kind.js';
import type { AnyFunction } from '../../call/guarded-function.js';
import { isObservable, type Observable } from '../../call/observable.js';
import type { Failed, Refused } from '../../call/outcome.js';
import { rejectSoon } from '../../call/reject-soon.js';
import { callersSignals, callUnder, running } from '../../call/running.js';
import { beginsTrace, type DirectCall, tracedDirectCall } from '../../call/traced-call.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import { beginProbe, endProbe, insideProbe } from '../local/probe-context.js';
import type { Admission } from '../machine/transition.js';
import { gaveOnly, noteResultKind } from '../memory/result-kinds.js';
import { machinePhase, Phase, phaseOf } from '../memory/word.js';
import { circuitFrames } from './circuit-frames.js';
import {
  type FastPath,
  fastPathUnder,
  NO_ARGUMENTS,
  NO_CALLS,
  noteResult,
  returned,
  startTime,
  threw,
} from './fast-path.js';
import { guardObservable } from './guarded-observable.js';
import { refusedObservable } from './refused-observable.js';

/** The way of a call through a circuit: it asks for admission, runs the function, and settles the outcome. */
export class CallPath {
  readonly circuit: LocalCircuit;
  /** What calls are settled with while the circuit stays closed. */
  fastPath: FastPath = NO_CALLS;

  /** Of the calls of `breaker.call` on the fast path. */
  readonly frame: StackFrame;
  readonly #readingFrame: StackFrame;

  constructor(circuit: LocalCircuit) {
    this.circuit = circuit;
    const { free, reading } = circuitFrames(circuit, undefined);
    this.frame = free;
    this.#readingFrame = reading;
  }

  /**
   * Asks for one call: the admission of the last one, while the circuit is closed and nothing has happened since.
   *
   * @param fn what is called: a timeout further in tells how long a probe may take
   */
  admit(fn?: AnyFunction): Admission | Refused | Failed {
    const { admission, memory, at } = this.fastPath;
    return memory.peek(at) === admission.tag ? admission : this.#admitAnew(fn);
  }

  /** A call of `breaker.call` that is not on the fast path. */
  call(fn: AnyFunction, args: readonly unknown[]): unknown {
    if (running.isWatched && beginsTrace(this)) return this.traced(fn, args, () => this.call(fn, args));
    const admission = this.admit(fn);
    if (admission.status === 'admitted') return this.run(admission, fn, undefined, args);
    return this.refuse(admission.error, fn, undefined, args);
  }

  /** Makes a call that is no guarded function's, and publishes it. */
  traced(
    fn: AnyFunction,
    args: readonly unknown[],
    run: () => unknown,
    errorIn?: DirectCall['errorIn'],
  ): unknown {
    const { key } = this.circuit;
    const kind = 'circuit-breaker';
    const { frame: outer } = running;
    return tracedDirectCall({ entered: this, kind, key, fn, args, outer, run, errorIn });
  }

  /** @throws the refusal */
  admitOrThrow(fn?: AnyFunction): Admission {
    const admission = this.admit(fn);
    if (admission.status !== 'admitted') throw admission.error;
    return admission;
  }

  #admitAnew(fn: AnyFunction | undefined): Admission | Refused | Failed {
    const { circuit } = this;
    let admission: Admission | Refused;
    try {
      admission = circuit.admit(fn);
    } catch (error) {
      // The circuit was removed and cannot be made anew: the panel is full, or its key stands for another policy.
      return { status: 'failed', error };
    }
    circuit.feed.reviewIfChanged(circuit.topic, circuit.record);
    if (admission.status === 'admitted' && admitsFreely(admission.tag)) {
      const fastPath = fastPathUnder(circuit, admission, (result, fn) =>
        this.#settleOther(fastPath, result, fn),
      );
      this.fastPath = fastPath;
    }
    return admission;
  }

  /** Settles a call on the fast path that gave no Promise; apart, so that the way of those that did stays short. */
  #settleOther(fastPath: FastPath, result: unknown, fn: AnyFunction): unknown {
    if (isThenable(result)) {
      this.gave(GAVE_PROMISES, fn);
      return Promise.resolve(result).then(fastPath.onValue, fastPath.onError);
    }
    if (isObservable(result)) return this.observed(fn, result, NO_ARGUMENTS, undefined);
    if (fastPath.lastKnown !== fn) this.gave(GAVE_PLAIN, fn);
    return fastPath.onValue(result);
  }

  /**
   * Runs an admitted call whose outcome needs its own admission, start time or arguments.
   *
   * @param ownFrame of a guarded function; undefined for a call of `breaker.call`
   */
  run(
    admission: Admission,
    fn: AnyFunction,
    self: unknown,
    args: readonly unknown[],
    ownFrame?: StackFrame,
  ): unknown {
    const { frame: outer, args: outerArgs } = running;
    // A call of `breaker.call` inside of another guarded call belongs to that.
    const frame = ownFrame ?? this.#readingFrame.under(outer);
    // What the outer call was given may tell that the caller gives up.
    const given = outer?.readsArgs === true && frame.outer === outer ? [...args, ...outerArgs] : args;
    const call = (): unknown => callUnder(frame, fn, self, args, given);
    const judged = callersSignals(frame, given);
    if (admission.probe !== undefined) return this.#runProbe(admission, fn, call, judged);
    const { circuit } = this;
    const start = startTime(circuit);
    let result: unknown;
    let isPromise: boolean;
    try {
      result = call();
      isPromise = isThenable(result);
    } catch (error) {
      return threw(circuit, admission, error, start, judged);
    }
    if (!isPromise) {
      if (isObservable(result)) return this.observed(fn, result, judged, admission);
      this.note(GAVE_PLAIN, fn, admission);
      return returned(circuit, admission, result, start);
    }
    this.note(GAVE_PROMISES, fn, admission);
    return Promise.resolve(result as PromiseLike<unknown>).then(
      (value) => returned(circuit, admission, value, start),
      (error: unknown) => threw(circuit, admission, error, start, judged),
    );
  }

  /** Runs a probe. Calls of the same circuit inside it use its permit until its outcome is there. */
  #runProbe(admission: Admission, fn: AnyFunction, call: () => unknown, args: readonly unknown[]): unknown {
    const { circuit } = this;
    const start = startTime(circuit);
    const probe = beginProbe(circuit.memory, admission);
    let result: unknown;
    let isPromise: boolean;
    try {
      result = insideProbe(probe, call);
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
      if (isObservable(result)) {
        endProbe(probe);
        return this.observed(fn, result, args, admission);
      }
      this.note(GAVE_PLAIN, fn, admission);
      return onValue(result);
    }
    this.note(GAVE_PROMISES, fn, admission);
    return Promise.resolve(result as PromiseLike<unknown>).then(onValue, (error: unknown) => {
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
    if (admission?.probe !== undefined) this.circuit.ignored(admission);
    rememberObservable(fn);
    return guardObservable(result, fn, () => this, args);
  }

  /** A call on the fast path gave a result of this kind. */
  gave(kind: number, fn: AnyFunction): void {
    const { fastPath } = this;
    if ((fastPath.results & kind) === 0) noteResult(fastPath, kind);
    // A function without a name may be a new one at each call, and remembering it would cost more than the call.
    if (fn.name === '') return;
    fastPath.lastKnown = fn;
    remember(kind, fn);
  }

  /** An admitted call gave a result of this kind. */
  note(kind: number, fn: AnyFunction, { record }: Admission): void {
    noteResultKind(this.circuit.memory, record, kind);
    if (fn.name !== '') remember(kind, fn);
  }

  /**
   * Passes on the error of a call that is not admitted: to the subscriber of an Observable where the function is known to return
   * those, or calls of this circuit gave nothing else; as a rejection, or by a throw.
   */
  refuse(error: unknown, fn: AnyFunction, self: unknown, args: readonly unknown[]): unknown {
    if (this.givesObservables(fn)) return refusedObservable(this, error, fn, self, args);
    if (this.rejects(fn)) return rejectSoon(error);
    throw error;
  }

  /** Whether the function is known to return Observables, or is unknown and calls of this circuit gave nothing else. */
  givesObservables(fn: AnyFunction): boolean {
    if (givesObservables(fn)) return true;
    const { memory, record } = this.circuit;
    return gaveOnly(memory, record, GAVE_OBSERVABLES) && resultKindOf(fn) === undefined;
  }

  /**
   * Whether a call of the function that is not admitted rejects, rather than throws: by what the policy says, else by what the
   * function is known to return, else by what calls of this circuit gave in all threads.
   */
  rejects(fn: AnyFunction): boolean {
    const { memory, record, settings } = this.circuit;
    if (settings.async !== undefined) return settings.async;
    const kind = resultKindOf(fn);
    return kind === undefined ? gaveOnly(memory, record, GAVE_PROMISES) : kind === 'promise';
  }
}

function remember(kind: number, fn: AnyFunction): void {
  if (kind === GAVE_PROMISES) rememberPromise(fn);
  else rememberPlain(fn);
}

/** Whether calls under a tag need no permit, so that one admission serves all of them. */
function admitsFreely(tag: number): boolean {
  const phase = phaseOf(tag);
  return phase === Phase.forcedClosed || machinePhase(phase) === Phase.closed;
}
