import { type Duration, type TimeoutOptions, type TimeoutPolicy, withTimeout } from '@switchgear/core';
import { decorateMethod } from './decorate-method.js';
import type { Awaitable, MethodDecorator } from './method-decorator.js';
import { bare, isBare, isSyncStream, stream } from './misuse.js';

/** The type of the decorator that {@link Timeout} returns, for decorators that are stored and exported. */
export type TimeoutDecorator = MethodDecorator<'Timeout', Awaitable>;

/**
 * Ends calls of a method that take too long. A call whose time is over rejects with a `TimeoutError`, and
 * `execution().signal` aborts with that error. What the method does afterwards is dropped: its result, and its error.
 *
 * The method must return a promise, an async generator or an Observable. Of the last two, the timeout bounds the wait for
 * the first item. Inside of `@Retry`, each attempt has the whole time.
 *
 * @param timeout how long one call may take, from 1 ms to a year, or a policy that has it
 * @param options the clock, for tests
 * @throws PolicyError with all faults of the policy or the options
 * @throws TypeError on anything but a method, and on a sync generator
 * @example
 * class Geocoder {
 *   @Timeout('5s')
 *   async lookup(address: string): Promise<Response> {
 *     return fetch(`${url}/${address}`, { signal: execution().signal });
 *   }
 * }
 */
export function Timeout(timeout: Duration | TimeoutPolicy, options?: TimeoutOptions): TimeoutDecorator;
// Not the first: compilers go on with the first overload after an error. The text is not named, because the name would be printed.
/** Without parentheses: no decorator. */
export function Timeout(
  method: object,
  context: DecoratorContext | string | symbol,
  descriptor?: object,
): ["@Timeout needs parentheses: write @Timeout('5s')"];
export function Timeout(...args: unknown[]): unknown {
  if (isBare(args)) throw bare('@Timeout', "'5s'");
  const [timeout, options] = args as [Duration | TimeoutPolicy, TimeoutOptions?];
  const timed = withTimeout(timeout, options);
  return decorateMethod('@Timeout', ({ fn, name }) => {
    if (isSyncStream(fn)) throw stream('@Timeout', 'bound a sync generator', name, 'make it async');
    return { wrapper: timed(fn) };
  });
}
