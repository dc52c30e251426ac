/** What a subscription to an Observable is given, and what it gives back. */
export interface Subscriber {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
  readonly closed: boolean;
}

export type ObservableClass = new (subscribe: (subscriber: Subscriber) => unknown) => Observable;

/** An Observable, known by its shape: RxJS is no dependency. */
export interface Observable {
  subscribe(observer: object): { unsubscribe(): void };
}

/** Whether a result is an Observable: an object that can be subscribed to, piped and iterated over. */
export function isObservable(result: unknown): result is Observable {
  if (typeof result !== 'object' || result === null) return false;
  const { subscribe, pipe, forEach } = result as Readonly<Record<string, unknown>>;
  return typeof subscribe === 'function' && typeof pipe === 'function' && typeof forEach === 'function';
}

/**
 * Makes an Observable of the class of another one.
 *
 * @param subscribe called at each subscription; returns what ends it
 * @returns the source itself, where there is no class to make another one of
 */
export function anotherObservable(
  source: Observable,
  subscribe: (subscriber: Subscriber) => (() => void) | undefined,
): Observable {
  const Class = classOf(source);
  return Class === undefined ? source : new Class(subscribe);
}

/** What a policy does while items pass it. */
export interface SubscriptionHooks {
  onItem(item: unknown): void;
  onError(error: unknown): void;
  onComplete(): void;
  /** The subscription has ended, by its source or its subscriber. */
  onLeave(): void;
}

/** A subscriber between a source and the subscriber of a guarded Observable. */
export interface Between {
  /** @returns what ends the subscription */
  subscribeTo(source: Observable): () => void;
}

export function between(subscriber: Subscriber, hooks: SubscriptionHooks): Between {
  const teardowns: unknown[] = [];
  const tearDown = (): void => {
    hooks.onLeave();
    for (let one = teardowns.pop(); one !== undefined; one = teardowns.pop()) finish(one);
  };
  // RxJS takes an object of this shape as the subscriber itself. A source that emits at once then sees by `closed` that the
  // subscriber has left, and stops.
  const inner = {
    next(value: unknown): void {
      hooks.onItem(value);
      subscriber.next(value);
    },
    error(error: unknown): void {
      hooks.onError(error);
      subscriber.error(error);
    },
    complete(): void {
      hooks.onComplete();
      subscriber.complete();
    },
    get closed(): boolean {
      return subscriber.closed;
    },
    add(teardown: unknown): void {
      if (teardown === undefined || teardown === null) return;
      if (subscriber.closed) finish(teardown);
      else teardowns.push(teardown);
    },
    remove(teardown: unknown): void {
      const at = teardowns.indexOf(teardown);
      if (at !== -1) teardowns.splice(at, 1);
    },
    unsubscribe: tearDown,
  };
  return {
    subscribeTo(source) {
      const subscription = source.subscribe(inner);
      return () => {
        tearDown();
        if ((subscription as unknown) !== inner) subscription.unsubscribe();
      };
    },
  };
}

/** Runs what a source has left to be done at the end of a subscription: a function, or a subscription of its own. */
export function finish(teardown: unknown): void {
  if (typeof teardown === 'function') (teardown as () => void)();
  else (teardown as { unsubscribe(): void }).unsubscribe();
}

/** The class that owns `subscribe`, which makes plain Observables; a subclass may ask for other arguments. */
export function classOf(source: object): ObservableClass | undefined {
  let prototype = Object.getPrototypeOf(source) as object | null;
  while (prototype !== null && !Object.hasOwn(prototype, 'subscribe'))
    prototype = Object.getPrototypeOf(prototype) as object | null;
  return prototype?.constructor as ObservableClass | undefined;
}
