import type { TracingChannel } from 'node:diagnostics_channel';
import { isThenable } from './function-kind.js';

/**
 * Publishes one operation on a tracing channel, as `tracePromise` of Node does, but for the result, which it keeps to itself, and the
 * async context, which it leaves as it is.
 *
 * @param errorIn finds the error in a result that tells of one; undefined where there is none
 * @returns what `run` returns; a promise of the same where it returns a promise, or another thenable
 */
export function traced<Message extends { error?: unknown }>(
  channel: TracingChannel<unknown, Message>,
  message: Message,
  run: () => unknown,
  errorIn?: (result: unknown) => { readonly error: unknown } | undefined,
): unknown {
  const { start, end, asyncStart, asyncEnd, error: errors } = channel;
  const failed = (error: unknown): void => {
    message.error = error;
    errors.publish(message);
  };
  const look = (result: unknown): void => {
    const found = errorIn?.(result);
    if (found !== undefined) failed(found.error);
  };
  const settled = (): void => {
    asyncStart.publish(message);
    asyncEnd.publish(message);
  };
  start.publish(message);
  let promise: Promise<unknown>;
  try {
    const result = run();
    if (!isThenable(result)) {
      look(result);
      return result;
    }
    promise = Promise.resolve(result);
  } catch (error) {
    failed(error);
    throw error;
  } finally {
    end.publish(message);
  }
  // The promise of this `then` is what the caller gets: a rejection that the caller does not handle stays unhandled.
  return promise.then(
    (value: unknown) => {
      look(value);
      settled();
      return value;
    },
    (error: unknown) => {
      failed(error);
      settled();
      throw error;
    },
  );
}
