import { anotherObservable, between, type Observable, type Subscriber } from './observable.js';
import type { StreamEnd, StreamHooks } from './stream-hooks.js';

/**
 * Each subscription to the Observable passes a hooks of its own, from its beginning to its end. A refusal is an error to the subscriber,
 * never a throw.
 */
export function admitObservable(source: Observable, streamHooksOf: () => StreamHooks): Observable {
  return anotherObservable(source, (subscriber) => {
    let hooks: StreamHooks;
    let entered: true | Promise<void>;
    try {
      hooks = streamHooksOf();
      entered = hooks.enter();
    } catch (refusal) {
      subscriber.error(refusal);
      return undefined;
    }
    if (entered === true) return begin(source, hooks, subscriber);
    let hasLeft = false;
    let end: (() => void) | undefined;
    entered.then(
      () => {
        if (hasLeft) hooks.leave({ kind: 'left', hasItem: false, lastItem: undefined });
        else end = begin(source, hooks, subscriber);
      },
      (refusal: unknown) => {
        if (!hasLeft) subscriber.error(refusal);
      },
    );
    return () => {
      hasLeft = true;
      end?.();
    };
  });
}

function begin(source: Observable, hooks: StreamHooks, subscriber: Subscriber): () => void {
  let isOver = false;
  let hasItem = false;
  let lastItem: unknown;
  const leave = (end: StreamEnd): void => {
    if (isOver) return;
    isOver = true;
    hooks.leave(end);
  };
  const inner = between(subscriber, {
    onItem: (item) => {
      hasItem = true;
      lastItem = item;
    },
    onError: (error) => leave({ kind: 'failed', error }),
    onComplete: () => leave({ kind: 'ended', hasItem, lastItem }),
    onLeave: () => leave({ kind: 'left', hasItem, lastItem }),
  });
  return inner.subscribeTo(source);
}
