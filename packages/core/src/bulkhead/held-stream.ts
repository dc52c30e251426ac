import type { SteppedCall } from '../call/stepped-call.js';
import type { LocalBulkhead } from './local-bulkhead.js';

/** What a generator function returns, async or not. */
interface Stream {
  next(...sent: readonly unknown[]): unknown;
  return(value: unknown): unknown;
  throw(error: unknown): unknown;
}

/**
 * The stream holds a permit from its first `next()` to its end.
 *
 * @param resolve finds the bulkhead, or throws
 * @param enter takes the permit, or waits for it, which only an async stream can, until the reader leaves
 */
export function holdStream(
  made: object,
  call: SteppedCall,
  resolve: () => LocalBulkhead,
  enter: (local: LocalBulkhead, leaving: () => AbortSignal) => true | Promise<void>,
): object {
  const stream = made as Stream;
  const isAsync = Symbol.asyncIterator in stream;
  let local: LocalBulkhead | undefined;
  let entering: Promise<void> | undefined;
  let leaving: AbortController | undefined;
  let state: 'unread' | 'waiting' | 'held' | 'over' = 'unread';

  const end = (): void => {
    if (state === 'held') local?.leave();
    const wasWaiting = state === 'waiting';
    state = 'over';
    if (wasWaiting) leaving?.abort();
    call.end();
  };
  const onStep = (step: unknown): unknown => {
    if ((step as { readonly done?: boolean }).done === true) end();
    return step;
  };
  const onError = (error: unknown): never => {
    end();
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
      local = resolve();
      const entered = enter(local, () => (leaving ??= new AbortController()).signal);
      if (entered === true) {
        state = 'held';
        return;
      }
      state = 'waiting';
      entering = entered.then(
        () => {
          // The reader has left meanwhile.
          if (state === 'over') local?.leave();
          else state = 'held';
        },
        (refusal: unknown) => {
          // A reader who has left finds the stream empty.
          if (state !== 'over') refused(refusal);
        },
      );
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
      end();
      return stream.return(value);
    },
    throw(error) {
      end();
      return stream.throw(error);
    },
  };
  return Object.create(
    Object.getPrototypeOf(stream) as object,
    Object.getOwnPropertyDescriptors(steps),
  ) as object;
}
