import { GAVE_OBSERVABLES } from '../../call/function-kind.js';
import type { AnyFunction } from '../../call/guarded-function.js';
import {
  anotherObservable,
  between,
  classOf,
  type Observable,
  type ObservableClass,
  type Subscriber,
} from '../../call/observable.js';
import type { Failed, Refused } from '../../call/outcome.js';
import { callersSignals } from '../../call/running.js';
import { SteppedCall } from '../../call/stepped-call.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import { beginProbe, endProbe, insideProbe } from '../local/probe-context.js';
import type { Admission } from '../machine/transition.js';
import { noteResultKind } from '../memory/result-kinds.js';
import { circuitFrames } from './circuit-frames.js';
import { PlainObservable } from './plain-observable.js';

/**
 * Guards an Observable: each subscription is one call. It is admitted when it begins, and a refusal is an error to the
 * subscriber, never a throw. An error is a failure. Completion is a success, and so is a subscriber who leaves after an item,
 * as `firstValueFrom` does; one who leaves before any item counts as nothing. A probe is settled by its first item.
 *
 * @param fn the function that made the Observable
 * @param resolvePath finds the way through the circuit, or throws
 * @param args what the Observable was made with: the signals by which its caller may abort it
 */
export function guardObservable(
  source: Observable,
  fn: AnyFunction,
  resolvePath: () => SubscribedPath,
  args: readonly unknown[],
): Observable {
  const Class = classOf(source);
  if (Class !== undefined && Class !== PlainObservable) lastClass = Class;
  return anotherObservable(source, (subscriber) => subscribe(source, fn, subscriber, resolvePath, args));
}

/** The way of a subscription through a circuit. */
export interface SubscribedPath {
  readonly circuit: LocalCircuit;
  admit(fn?: AnyFunction): Admission | Refused | Failed;
}

/** The class of the last Observable that this thread has guarded: the one of the RxJS that the program uses. */
let lastClass: ObservableClass = PlainObservable;

/** An Observable of the program's own class, as far as this thread knows one. */
export function observableOf(begin: (subscriber: Subscriber) => unknown): Observable {
  return new lastClass(begin);
}

/** Subscribes to the source, if the circuit admits it, and returns what ends the subscription. */
function subscribe(
  source: Observable,
  fn: AnyFunction,
  subscriber: Subscriber,
  resolvePath: () => SubscribedPath,
  args: readonly unknown[],
): (() => void) | undefined {
  let path: SubscribedPath;
  try {
    path = resolvePath();
  } catch (error) {
    subscriber.error(error);
    return undefined;
  }
  const admission = path.admit(fn);
  if (admission.status !== 'admitted') {
    subscriber.error(admission.error);
    return undefined;
  }
  const { circuit } = path;
  noteResultKind(circuit.memory, admission.record, GAVE_OBSERVABLES);
  const probe = admission.probe === undefined ? undefined : beginProbe(circuit.memory, admission);
  const call = new SteppedCall(circuitFrames(circuit, fn).reading, args);
  let hasItem = false;
  let isSettled = false;
  /** The first outcome counts. */
  const settle = (record: () => void): void => {
    if (isSettled) return;
    isSettled = true;
    if (probe !== undefined) endProbe(probe);
    record();
  };
  const inner = between(subscriber, {
    onItem() {
      hasItem = true;
      if (probe !== undefined) settle(() => circuit.ended(admission));
    },
    onError(error) {
      settle(() => circuit.failed(admission, error, false, callersSignals(call.frame, args)));
    },
    onComplete() {
      settle(() => circuit.ended(admission));
    },
    onLeave() {
      call.end();
      settle(() => (hasItem ? circuit.ended(admission) : circuit.ignored(admission)));
    },
  });
  const begin = (): (() => void) => call.step(() => inner.subscribeTo(source));
  return probe === undefined ? begin() : insideProbe(probe, begin);
}
