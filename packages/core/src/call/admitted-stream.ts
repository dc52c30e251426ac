import type { StreamEnd, StreamHooks } from './stream-hooks.js';
import type { SteppedCall } from './stepped-call.js';

/** What a generator function returns, async or not. */
interface Stream {
  next(...sent: readonly unknown[]): unknown;
  return(value: unknown): unknown;
  throw(error: unknown): unknown;
}

/**
 * The hooks are asked at the stream's first `next()`, and told of its end.
 *
 * @param streamHooksOf finds the hooks, or throws. Only an async stream can wait at it
 */
export function admitStream(made: object, call: SteppedCall, streamHooksOf: () => StreamHooks): object {
  const stream = made as Stream;
  const isAsync = Symbol.asyncIterator in stream;
  let hooks: StreamHooks | undefined;
  let entering: Promise<void> | undefined;
  let state: 'unread' | 'waiting' | 'admitted' | 'over' = 'unread';
  let hasItem = false;
  let lastItem: unknown;

  const leave = (end: StreamEnd): void => {
    const wasAdmitted = state === 'admitted';
    state = 'over';
    call.end();
    if (wasAdmitted) hooks?.leave(end);
  };
  const onStep = (step: unknown): unknown => {
    const { done, value } = step as { readonly done?: boolean; readonly value?: unknown };
    if (done === true) leave({ kind: 'ended', hasItem, lastItem });
    else {
      hasItem = true;
      lastItem = value;
    }
    return step;
  };
  const onError = (error: unknown): never => {
    leave({ kind: 'failed', error });
    throw error;
  };
  const take = (step: () => unknown): unknown => {
    let taken: unknown;
    try {
      taken = call.step(step);
    } catch (error) {
      return onError(error);
    }
    return isAsync ? (taken as Promise<unknown>).then(onStep, onError) : onStep(taken);
  };
  const refused = (refusal: unknown): never => {
    state = 'over';
    // The stream has not begun, and ends here: a reader who asks again finds it empty.
    void stream.return(undefined);
    throw refusal;
  };
  const begin = (): void => {
    try {
      hooks = streamHooksOf();
      const entered = hooks.enter();
      if (entered === true) {
        state = 'admitted';
        return;
      }
      state = 'waiting';
      entering = entered.then(() => {
        const hasLeft = state === 'over';
        state = 'admitted';
        // The reader has left meanwhile.
        if (hasLeft) leave({ kind: 'left', hasItem, lastItem });
      }, refused);
    } catch (refusal) {
      refused(refusal);
    }
  };
  const steps: Stream = {
    next(...sent) {
      try {
        if (state === 'unread') begin();
      } catch (refusal) {
        if (isAsync) return Promise.reject(refusal);
        throw refusal;
      }
      if (state === 'waiting') return entering?.then(() => take(() => stream.next(...sent)));
      return take(() => stream.next(...sent));
    },
    return(value) {
      leave({ kind: 'left', hasItem, lastItem });
      return stream.return(value);
    },
    throw(error) {
      leave({ kind: 'left', hasItem, lastItem });
      return stream.throw(error);
    },
  };
  return Object.create(
    Object.getPrototypeOf(stream) as object,
    Object.getOwnPropertyDescriptors(steps),
  ) as object;
}
