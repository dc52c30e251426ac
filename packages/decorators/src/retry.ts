import { type RetryOptions, type RetryPolicy, withRetry } from '@switchgear/core';
import { isGenerator } from '@switchgear/core/kit';
import { decorateMethod } from './decorate-method.js';
import type { Method, MethodDecorator, Result } from './method-decorator.js';
import { bare, isBare, stream } from './misuse.js';

/** The type of the decorator that {@link Retry} returns, for decorators that are stored and exported. */
export type RetryDecorator<R = unknown> = MethodDecorator<
  'Retry',
  PromiseLike<unknown>,
  unknown,
  unknown,
  Method<R>
>;

/** A {@link RetryPolicy} whose functions are typed by the method's result. */
export type MethodRetryPolicy<R = unknown> = RetryPolicy<Result<R>>;

/**
 * Calls a method again if it fails.
 *
 * The method must return a promise, because there is a delay between attempts. Each call has attempts of its own. The
 * error of the last attempt is rethrown unchanged, and `attemptsOf(error)` returns the outcomes of all attempts.
 *
 * @param policy which failures are tried again, how often and after which delays. Default 3 retries within 30 seconds,
 * after up to 100, 200 and 400 ms
 * @param options the clock and the source of random numbers, for tests
 * @throws PolicyError with all faults of the policy or the options
 * @throws TypeError on anything but a method, and on a generator, async or not; at a call, if the method returns no promise
 * @example
 * class Geocoder {
 *   @Retry({ maxRetries: 5, initialDelay: '200ms' })
 *   async lookup(address: string): Promise<Point> {
 *     return geocode(address);
 *   }
 * }
 */
export function Retry<R = unknown>(policy?: MethodRetryPolicy<R>, options?: RetryOptions): RetryDecorator<R>;
// Not the first: compilers go on with the first overload after an error. The text is not named, because the name would be printed.
/** Without parentheses: no decorator. */
export function Retry(
  method: object,
  context: DecoratorContext | string | symbol,
  descriptor?: object,
): ['@Retry needs parentheses: write @Retry()'];
export function Retry(...args: unknown[]): unknown {
  if (isBare(args)) throw bare('@Retry');
  const [policy = {}, options] = args as [RetryPolicy?, RetryOptions?];
  const retried = withRetry(policy, options);
  return decorateMethod('@Retry', ({ fn, name }) => {
    // Items may have been read before an error.
    if (isGenerator(fn)) throw stream('@Retry', 'retry a stream', name, 'retry what makes it');
    return { wrapper: retried(fn) };
  });
}
