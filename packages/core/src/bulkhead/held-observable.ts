import { anotherObservable, between, type Observable, type Subscriber } from '../call/observable.js';
import type { LocalBulkhead } from './local-bulkhead.js';

/**
 * Each subscription to the Observable holds a permit, from its beginning to its end. A refusal is an error to the subscriber, never a
 * throw.
 */
export function holdObservable(
  source: Observable,
  local: LocalBulkhead,
  enter: (leaving: () => AbortSignal) => true | Promise<void>,
): Observable {
  return anotherObservable(source, (subscriber) => {
    let leaving: AbortController | undefined;
    let entered: true | Promise<void>;
    try {
      entered = enter(() => (leaving ??= new AbortController()).signal);
    } catch (refusal) {
      subscriber.error(refusal);
      return undefined;
    }
    if (entered === true) return begin(source, local, subscriber);
    let hasLeft = false;
    let end: (() => void) | undefined;
    entered.then(
      () => {
        if (hasLeft) local.leave();
        else end = begin(source, local, subscriber);
      },
      (refusal: unknown) => {
        if (!hasLeft) subscriber.error(refusal);
      },
    );
    return () => {
      hasLeft = true;
      // Where it waits still, it leaves the queue.
      leaving?.abort();
      end?.();
    };
  });
}

function begin(source: Observable, local: LocalBulkhead, subscriber: Subscriber): () => void {
  let isHeld = true;
  const leave = (): void => {
    if (!isHeld) return;
    isHeld = false;
    local.leave();
  };
  const inner = between(subscriber, {
    onItem: () => undefined,
    onError: leave,
    onComplete: leave,
    onLeave: leave,
  });
  return inner.subscribeTo(source);
}
