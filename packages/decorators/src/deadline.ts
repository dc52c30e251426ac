import { type DeadlineOptions, type DeadlinePolicy, type Duration, withDeadline } from '@switchgear/core';
import { decorateMethod } from './decorate-method.js';
import type { Awaitable, MethodDecorator } from './method-decorator.js';
import { bare, isBare, isSyncStream, stream } from './misuse.js';

/** The type of the decorator that {@link Deadline} returns, for decorators that are stored and exported. */
export type DeadlineDecorator = MethodDecorator<'Deadline', Awaitable>;

/**
 * Ends calls of a method that take too long with all their attempts and waits. A call whose time is over rejects with a
 * `DeadlineError`, and `execution().signal` aborts with that error. What the method does afterwards is dropped.
 *
 * Write it above `@Retry`, which then begins no attempt or wait that cannot end in time. The method must return a promise,
 * an async generator or an Observable. Of the last two, the deadline bounds the whole.
 *
 * @param deadline how long a call may take, from 1 ms to a year, or a policy that has it
 * @param options the clocks, for tests
 * @throws PolicyError with all faults of the policy or the options
 * @throws TypeError on anything but a method, and on a sync generator
 * @example
 * class Geocoder {
 *   @Deadline('10s')
 *   @Retry()
 *   async lookup(address: string): Promise<Response> {
 *     return fetch(`${url}/${address}`, { signal: execution().signal });
 *   }
 * }
 */
export function Deadline(deadline: Duration | DeadlinePolicy, options?: DeadlineOptions): DeadlineDecorator;
// Not the first: compilers go on with the first overload after an error. The text is not named, because the name would be printed.
/** Without parentheses: no decorator. */
export function Deadline(
  method: object,
  context: DecoratorContext | string | symbol,
  descriptor?: object,
): ["@Deadline needs parentheses: write @Deadline('5s')"];
export function Deadline(...args: unknown[]): unknown {
  if (isBare(args)) throw bare('@Deadline', "'5s'");
  const [deadline, options] = args as [Duration | DeadlinePolicy, DeadlineOptions?];
  const bounded = withDeadline(deadline, options);
  return decorateMethod('@Deadline', ({ fn, name }) => {
    if (isSyncStream(fn)) throw stream('@Deadline', 'bound a sync generator', name, 'make it async');
    return { wrapper: bounded(fn) };
  });
}
