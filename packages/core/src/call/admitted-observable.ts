import { anotherObservable, between, type Observable, type Subscriber } from './observable.js';
import type { StreamEnd, StreamGate } from './stream-gate.js';

/**
 * Each subscription to the Observable passes a gate of its own, from its beginning to its end. A refusal is an error to the subscriber,
 * never a throw.
 */
export function admitObservable(source: Observable, gateOf: () => StreamGate): Observable {
  return anotherObservable(source, (subscriber) => {
    let gate: StreamGate;
    let entered: true | Promise<void>;
    try {
      gate = gateOf();
      entered = gate.enter();
    } catch (refusal) {
      subscriber.error(refusal);
      return undefined;
    }
    if (entered === true) return begin(source, gate, subscriber);
    let hasLeft = false;
    let end: (() => void) | undefined;
    entered.then(
      () => {
        if (hasLeft) gate.leave({ kind: 'left', hasItem: false, lastItem: undefined });
        else end = begin(source, gate, subscriber);
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

function begin(source: Observable, gate: StreamGate, subscriber: Subscriber): () => void {
  let isOver = false;
  let hasItem = false;
  let lastItem: unknown;
  const leave = (end: StreamEnd): void => {
    if (isOver) return;
    isOver = true;
    gate.leave(end);
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
