import type { AnyFunction } from '../../call/guarded-function.js';
import { anotherObservable, between, type Observable, type Subscriber } from '../../call/observable.js';
import { callersSignals } from '../../call/running.js';
import { SteppedCall } from '../../call/stepped-call.js';
import { beginProbe, endProbe, insideProbe } from '../local/probe-context.js';
import type { CallPath } from './call-path.js';
import { circuitFrames } from './circuit-frames.js';

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
  resolvePath: () => CallPath,
  args: readonly unknown[],
): Observable {
  return anotherObservable(source, (subscriber) => subscribe(source, fn, subscriber, resolvePath, args));
}

/** Subscribes to the source, if the circuit admits it, and returns what ends the subscription. */
function subscribe(
  source: Observable,
  fn: AnyFunction,
  subscriber: Subscriber,
  resolvePath: () => CallPath,
  args: readonly unknown[],
): (() => void) | undefined {
  let path: CallPath;
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
