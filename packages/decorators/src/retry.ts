import { type RetryOptions, type RetryPolicy, withRetry } from '@switchgear/core';
import { decorateMethod, type EitherDecorator } from './decorate-method.js';
import type { Method, MethodDecorator, Result } from './method-decorator.js';
import { bare, isBare, isGenerator, stream } from './misuse.js';

/** What {@link Retry} returns: a name for the type of decorators that are kept and exported. */
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
 * Lets a method that fails try again.
 *
 * It is for methods that return a promise: between attempts it has to wait. Each call is a series of attempts of its own. What the last
 * one throws is rethrown as it was, and `attemptsOf(error)` tells what came before it.
 *
 * @param policy which failures are tried again, how often and after which delays. Default three retries within 30 seconds,
 * after up to 100, 200 and 400 ms
 * @param options where time and chance come from, for tests
 * @throws PolicyError for a policy that makes no sense, or options, with everything that is wrong with it
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
export function Retry(...args: unknown[]): EitherDecorator {
  if (isBare(args)) throw bare('@Retry');
  const [policy = {}, options] = args as [RetryPolicy?, RetryOptions?];
  const retried = withRetry(policy, options);
  return decorateMethod('@Retry', ({ fn, name }) => {
    if (isGenerator(fn)) throw stream('@Retry', name);
    return { wrapper: retried(fn) };
  });
}
