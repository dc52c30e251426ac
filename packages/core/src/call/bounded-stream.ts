import { anotherObservable, between, type Observable } from './observable.js';
import type { SteppedCall } from './stepped-call.js';

/** The time that a policy gives to a stream. */
interface StreamBound {
  readonly call: SteppedCall;
  /** Whether the time is for the first item, or for all of the stream. */
  readonly until: 'first item' | 'end';
  /** No time is counted any more. */
  stop(): void;
}

/** Begins to count the time of a stream; `expire` ends the stream by an error. */
export type BeginBound = (expire: (error: unknown) => void) => StreamBound;

/** What an async generator function returns. */
interface Stream {
  next(...sent: readonly unknown[]): Promise<IteratorResult<unknown>>;
  return(value: unknown): Promise<IteratorResult<unknown>>;
  throw(error: unknown): Promise<IteratorResult<unknown>>;
}

type Step = Promise<IteratorResult<unknown>>;

/**
 * Bounds the time of a stream, counted from the first `next()`. When it is over, whoever waits for an item hears of it, else whoever
 * asks next; then the stream has ended, whatever its function does.
 */
export function boundStream(made: object, begin: BeginBound): object {
  const stream = made as Stream;
  const waiting = new Set<(error: unknown) => void>();
  let bound: StreamBound | undefined;
  let isCounting = true;
  let isExpired = false;
  let unheard: { readonly error: unknown } | undefined;

  const hasExpired = (): boolean => isExpired;
  const stop = (): void => {
    isCounting = false;
    bound?.stop();
  };
  const expire = (error: unknown): void => {
    isExpired = true;
    isCounting = false;
    if (waiting.size === 0) unheard = { error };
    for (const reject of waiting) reject(error);
    waiting.clear();
    // A generator that hangs answers when it goes on, or never.
    stream.return(undefined).then(nothing, nothing);
    bound?.call.end();
  };
  const end = (): void => {
    stop();
    bound?.call.end();
  };
  const wait = (step: Step): Step =>
    new Promise((resolve, reject) => {
      waiting.add(reject);
      step.then(
        (result) => {
          waiting.delete(reject);
          if (result.done === true) end();
          else if (bound?.until === 'first item') stop();
          resolve(result);
        },
        (error: unknown) => {
          waiting.delete(reject);
          end();
          reject(error);
        },
      );
    });
  const over = (value: unknown): Step => {
    const error = unheard;
    unheard = undefined;
    return error === undefined ? Promise.resolve({ done: true, value }) : Promise.reject(error.error);
  };
  const steps: Stream = {
    next(...sent) {
      if (isExpired) return over(undefined);
      const { call } = (bound ??= begin(expire));
      // There was no time from the beginning.
      if (hasExpired()) return over(undefined);
      const step = call.step(() => stream.next(...sent));
      return isCounting || bound.until === 'end' ? wait(step) : step;
    },
    return(value) {
      if (isExpired) {
        unheard = undefined;
        return Promise.resolve({ done: true, value });
      }
      end();
      return stream.return(value);
    },
    throw(error) {
      if (isExpired) return Promise.reject(error);
      end();
      return stream.throw(error);
    },
  };
  return Object.create(
    Object.getPrototypeOf(stream) as object,
    Object.getOwnPropertyDescriptors(steps),
  ) as object;
}

/** Bounds the time of each subscription to an Observable. When it is over, the subscriber gets an error. */
export function boundObservable(source: Observable, begin: BeginBound): Observable {
  return anotherObservable(source, (subscriber) => {
    const subscription: { leave?: () => void } = {};
    let isExpired = false;
    const hasExpired = (): boolean => isExpired;
    const bound = begin((error) => {
      isExpired = true;
      subscriber.error(error);
      subscription.leave?.();
    });
    if (hasExpired()) return undefined;
    const inner = between(subscriber, {
      onItem() {
        if (bound.until === 'first item') bound.stop();
      },
      onError: () => bound.stop(),
      onComplete: () => bound.stop(),
      onLeave() {
        bound.stop();
        bound.call.end();
      },
    });
    const leave = bound.call.step(() => inner.subscribeTo(source));
    subscription.leave = leave;
    return leave;
  });
}

function nothing(): void {
  // What a stream does after its time is over is dropped.
}
