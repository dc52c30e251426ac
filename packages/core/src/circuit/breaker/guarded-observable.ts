import type { Failed, Refused } from '../../call/outcome.js';
import type { LocalCircuit } from '../local/local-circuit.js';
import { beginProbe, endProbe, insideProbe } from '../local/probe-context.js';
import type { Admission } from '../machine/transition.js';
import { GAVE_OBSERVABLES, noteResultKind } from '../memory/result-kinds.js';
import { finish, type Observable, type Subscriber } from './observable-shape.js';
import { PlainObservable } from './plain-observable.js';

/** The way of a subscription through a circuit. */
export interface SubscribedPath {
  readonly circuit: LocalCircuit;
  admit(): Admission | Refused | Failed;
}

type ObservableClass = new (subscribe: (subscriber: Subscriber) => unknown) => Observable;

/**
 * Guards an Observable: each subscription is one call. It is admitted when it begins, and a refusal is an error to the
 * subscriber, never a throw. An error is a failure. Completion is a success, and so is a subscriber who leaves after an item,
 * as `firstValueFrom` does; one who leaves before any item counts as nothing. A probe is settled by its first item.
 *
 * @param resolvePath finds the way through the circuit, or throws
 * @param args what the Observable was made with: the signals by which its caller may abort it
 */
export function guardObservable(
  source: Observable,
  resolvePath: () => SubscribedPath,
  args: readonly unknown[],
): Observable {
  const Class = classOf(source);
  // Nothing to make another one of: it is passed on as it is.
  if (Class === undefined) return source;
  if (Class !== PlainObservable) lastClass = Class;
  return new Class((subscriber) => subscribe(source, subscriber, resolvePath, args));
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
  const admission = path.admit();
  if (admission.status !== 'admitted') {
    subscriber.error(admission.error);
    return undefined;
  }
  const { circuit } = path;
  noteResultKind(circuit.memory, admission.record, GAVE_OBSERVABLES);
  const probe = admission.probe === undefined ? undefined : beginProbe(circuit.memory, admission);
  const teardowns: unknown[] = [];
  let hasItem = false;
  let isSettled = false;
  /** The first outcome counts. */
  const settle = (record: () => void): void => {
    if (isSettled) return;
    isSettled = true;
    if (probe !== undefined) endProbe(probe);
    record();
  };
  const tearDown = (): void => {
    settle(() => (hasItem ? circuit.ended(admission) : circuit.ignored(admission)));
    for (let one = teardowns.pop(); one !== undefined; one = teardowns.pop()) finish(one);
  };
  // RxJS takes an object of this shape as the subscriber itself. A source that emits at once then sees by `closed` that the
  // subscriber has left, and stops.
  const inner = {
    next: (value: unknown): void => {
      hasItem = true;
      if (probe !== undefined) settle(() => circuit.ended(admission));
      subscriber.next(value);
    },
    error: (error: unknown): void => {
      settle(() => circuit.failed(admission, error, false, args));
      subscriber.error(error);
    },
    complete: (): void => {
      settle(() => circuit.ended(admission));
      subscriber.complete();
    },
    get closed(): boolean {
      return subscriber.closed;
    },
    add: (teardown: unknown): void => {
      if (teardown === undefined || teardown === null) return;
      if (subscriber.closed) finish(teardown);
      else teardowns.push(teardown);
    },
    remove: (teardown: unknown): void => {
      const at = teardowns.indexOf(teardown);
      if (at !== -1) teardowns.splice(at, 1);
    },
    unsubscribe: tearDown,
  };
  const begin = (): { unsubscribe(): void } => source.subscribe(inner);
  const subscription = probe === undefined ? begin() : insideProbe(probe, begin);
  return () => {
    tearDown();
    if ((subscription as unknown) !== inner) subscription.unsubscribe();
  };
}

/** The class that owns `subscribe`, which makes plain Observables; a subclass may ask for other arguments. */
function classOf(source: object): ObservableClass | undefined {
  let prototype = Object.getPrototypeOf(source) as object | null;
  while (prototype !== null && !Object.hasOwn(prototype, 'subscribe'))
    prototype = Object.getPrototypeOf(prototype) as object | null;
  return prototype?.constructor as ObservableClass | undefined;
}
