import type { AnyFunction } from '../../call/guarded-function.js';
import { isObservable, type Observable } from '../../call/observable.js';
import type { Admission } from '../machine/transition.js';
import { observableOf, type SubscribedPath } from './guarded-observable.js';

/** The way of calls through a circuit. */
interface CalledPath extends SubscribedPath {
  run(admission: Admission, fn: AnyFunction, self: unknown, args: readonly unknown[]): unknown;
}

/**
 * An Observable in place of the one that a function would have returned, had the circuit not refused the call.
 *
 * The first subscriber gets the refusal. A later subscription is a call of its own, and the circuit is asked again, as it is for
 * functions that are known to return Observables: so that an operator that subscribes again has its effect.
 */
export function refusedObservable(
  path: CalledPath,
  refusal: unknown,
  fn: AnyFunction,
  self: unknown,
  args: readonly unknown[],
): Observable {
  let isFirst = true;
  return observableOf((subscriber) => {
    const error = isFirst ? refusal : undefined;
    isFirst = false;
    if (error !== undefined) {
      subscriber.error(error);
      return undefined;
    }
    const admission = path.admit(fn);
    if (admission.status !== 'admitted') {
      subscriber.error(admission.error);
      return undefined;
    }
    const emit = (value: unknown): void => {
      subscriber.next(value);
      subscriber.complete();
    };
    try {
      const result = path.run(admission, fn, self, args);
      if (isObservable(result)) return result.subscribe(subscriber);
      // The function returns no Observables after all. It was called, and its result is all there is.
      void Promise.resolve(result).then(emit, (failure: unknown) => subscriber.error(failure));
    } catch (failure) {
      subscriber.error(failure);
    }
    return undefined;
  });
}
