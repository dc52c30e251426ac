import {
  type Duration,
  type Policy,
  type RateLimitPolicy,
  withRateLimit,
  type WithRateLimitOptions,
} from '@switchgear/core';
import { callSite } from '@switchgear/core/kit';
import { decorateMethod } from './decorate-method.js';
import type { Arguments, ArgumentsOf, NamedMethodDecorator, Result, ResultOf } from './method-decorator.js';
import { bare, isBare, isSyncStream, stream } from './misuse.js';

/**
 * The type of the decorator that {@link RateLimit} returns, for decorators that are stored and exported.
 *
 * @typeParam W the policy's `maxWait`: only with 0, calls never wait, so that sync methods are taken
 */
export type RateLimitDecorator<O = unknown, K = unknown, W extends Duration = Duration> = [W] extends [0]
  ? NamedMethodDecorator<'RateLimit', unknown, O, K>
  : NamedMethodDecorator<'RateLimit with maxWait', PromiseLike<unknown>, O, K>;

/** A {@link RateLimitPolicy} whose functions are typed by the method. */
export interface MethodRateLimitPolicy<
  O = unknown,
  A extends readonly unknown[] = never,
  R = unknown,
  W extends Duration = Duration,
> extends Omit<RateLimitPolicy, 'cost' | 'actualCost' | 'maxWait'> {
  readonly maxWait?: W;
  /** The units that a call takes: a number of at least 0 and at most `burst`, or a function of the arguments. Default 1. */
  readonly cost?: number | ((this: O, ...args: Arguments<A>) => number);
  /** The units that a call has really taken, by its result. More than `cost` is a debt, less comes back. */
  actualCost?(result: Result<R>): number;
}

/**
 * Bounds how many calls of a method begin in a time. A call that comes too early waits for its slot where `maxWait` lets it,
 * and else is refused with a `RateLimitError`.
 *
 * All methods with one `key` share the limit, in every thread. Without a key, the method has a limit of its own in each
 * thread, which all instances and inheriting subclasses share. Without `maxWait`, a sync method stays sync.
 *
 * @param policy a number is `limit`, in a second
 * @param options the panel and the wall clock, for tests
 * @throws PolicyError with all faults of the policy
 * @throws KeyConflictError if the policy's key has another policy already
 * @throws TypeError on anything but a method, and with `maxWait` on a sync generator
 * @throws RateLimitError at a call, if the limit refuses
 * @example
 * class Geocoder {
 *   @RateLimit({ key: 'geo-api', limit: 100, per: '1m', maxWait: '5s' })
 *   async lookup(address: string): Promise<Point> {
 *     return geocode(address);
 *   }
 * }
 */
export function RateLimit<O = unknown, K = unknown, W extends Duration = 0>(
  policy: number | MethodRateLimitPolicy<NoInfer<O>, ArgumentsOf<O, K>, ResultOf<O, K>, W>,
  options?: WithRateLimitOptions,
): RateLimitDecorator<O, K, W>;
// Not the first: compilers go on with the first overload after an error. The text is not named, because the name would be printed.
/** Without parentheses: no decorator. */
export function RateLimit(
  method: object,
  context: DecoratorContext | string | symbol,
  descriptor?: object,
): ['@RateLimit needs parentheses: write @RateLimit(100)'];
export function RateLimit(...args: unknown[]): unknown {
  if (isBare(args)) throw bare('@RateLimit', '100');
  const [policy, options] = args as [number | RateLimitPolicy, WithRateLimitOptions?];
  const declaredAt = callSite(RateLimit);
  const limit = (): Policy =>
    withRateLimit(policy as RateLimitPolicy & { maxWait: Duration }, { declaredAt, ...options }) as Policy;
  // Throws the faults of the policy here, where it is written.
  let made: Policy | undefined = limit();
  const isShared = typeof policy === 'object' && policy.key !== undefined;
  return decorateMethod('@RateLimit', ({ fn, name }) => {
    const limited = made ?? limit();
    // Without a key, the next method that a stored decorator is put on has a limit of its own.
    if (!isShared) made = undefined;
    if (limited.waits && isSyncStream(fn))
      throw stream('@RateLimit', 'let a sync generator wait', name, 'make it async, or leave maxWait out');
    return { wrapper: limited(fn) };
  });
}
