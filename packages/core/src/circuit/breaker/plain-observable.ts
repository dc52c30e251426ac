import { finish, type Observable, type Subscriber } from '../../call/observable.js';

// Taken at load, so that fake timers in tests of users do not stop it.
const { setTimeout } = globalThis;

type Observer = Partial<Subscriber>;

/** An operator of RxJS, which calls it with the subscriber as `this`; before RxJS 7 an object with such a method. */
interface Operator {
  call(subscriber: Subscriber, source: unknown): unknown;
}

/**
 * An Observable for refusals in a thread that has not seen one yet, so that there is no class to make one of. It has what RxJS asks
 * of Observables of another copy: `lift` for operators, and `Symbol.observable` for `from` and its like.
 */
export class PlainObservable implements Observable {
  readonly #begin: (subscriber: Subscriber) => unknown;

  constructor(begin: (subscriber: Subscriber) => unknown) {
    this.#begin = begin;
    const { observable } = Symbol as { readonly observable?: symbol };
    if (observable !== undefined) Object.defineProperty(this, observable, { value: () => this });
  }

  subscribe(
    observer?: Observer | ((value: unknown) => void) | null,
    error?: (error: unknown) => void,
    complete?: () => void,
  ): { unsubscribe(): void } {
    const isWhole = typeof observer === 'object' && observer !== null;
    const subscription = subscriptionOf(isWhole ? observer : observerOf(observer, error, complete));
    subscription.add(this.#begin(subscription));
    return subscription;
  }

  lift(operator: Operator): PlainObservable {
    return new PlainObservable((subscriber) => operator.call(subscriber, this));
  }

  pipe(...operators: readonly ((source: unknown) => unknown)[]): unknown {
    return operators.reduce<unknown>((source, operator) => operator(source), this);
  }

  async forEach(next: (value: unknown) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.subscribe({ next, error: reject, complete: resolve });
    });
  }

  '@@observable'(): this {
    return this;
  }
}

function observerOf(
  next: ((value: unknown) => void) | null | undefined,
  error?: (error: unknown) => void,
  complete?: () => void,
): Observer {
  return { ...(next ? { next } : {}), ...(error ? { error } : {}), ...(complete ? { complete } : {}) };
}

/** What both ends of a subscription hold: the source calls it, the subscriber leaves by it. */
function subscriptionOf(observer: Observer) {
  const teardowns: unknown[] = [];
  let isClosed = false;
  const close = (): void => {
    isClosed = true;
    for (let one = teardowns.pop(); one !== undefined; one = teardowns.pop()) finish(one);
  };
  return {
    next: (value: unknown): void => {
      if (!isClosed) observer.next?.(value);
    },
    error: (error: unknown): void => {
      if (isClosed) return;
      isClosed = true;
      // As in RxJS: an error that nothing handles is an uncaught exception.
      if (observer.error === undefined) setTimeout(() => fail(error), 0);
      else observer.error(error);
      close();
    },
    complete: (): void => {
      if (isClosed) return;
      isClosed = true;
      observer.complete?.();
      close();
    },
    get closed(): boolean {
      return isClosed;
    },
    add: (teardown: unknown): void => {
      if (teardown === undefined || teardown === null) return;
      if (isClosed) finish(teardown);
      else teardowns.push(teardown);
    },
    remove: (teardown: unknown): void => {
      const at = teardowns.indexOf(teardown);
      if (at !== -1) teardowns.splice(at, 1);
    },
    unsubscribe: close,
  };
}

function fail(error: unknown): never {
  throw error;
}
