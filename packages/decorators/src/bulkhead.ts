import {
  type BulkheadPolicy,
  type Duration,
  type Policy,
  withBulkhead,
  type WithBulkheadOptions,
} from '@switchgear/core';
import { callSite } from '@switchgear/core/kit';
import { decorateMethod } from './decorate-method.js';
import type { MethodDecorator } from './method-decorator.js';
import { bare, isBare, isSyncStream, stream } from './misuse.js';

/**
 * The type of the decorator that {@link Bulkhead} returns, for decorators that are stored and exported.
 *
 * @typeParam Q the policy's `maxQueue`: only with 0, calls never wait, so that sync methods are taken
 * @typeParam S the key, where the policy is written elsewhere: it may have a queue
 */
export type BulkheadDecorator<Q extends number = number, S extends string = never> = [S] extends [never]
  ? [Q] extends [0]
    ? MethodDecorator<'Bulkhead', unknown>
    : MethodDecorator<'Bulkhead with maxQueue', PromiseLike<unknown>>
  : MethodDecorator<'Bulkhead with a key alone', PromiseLike<unknown>>;

/** A {@link BulkheadPolicy} whose `maxQueue` is known to the compiler. */
export interface MethodBulkheadPolicy<Q extends number = number> extends Omit<
  BulkheadPolicy,
  'maxQueue' | 'queueTimeout'
> {
  readonly maxQueue?: Q;
  readonly queueTimeout?: [Q] extends [0] ? 'queueTimeout needs maxQueue' : Duration;
}

/**
 * Bounds how many calls of a method run at once. A call that finds no permit waits in the queue if there is one, and else
 * is refused with a `BulkheadFullError`.
 *
 * All methods with one `key` share the bulkhead, in every thread. Without a key, the method has a bulkhead of its own in
 * each thread, which all instances and inheriting subclasses share. Without a queue, a sync method stays sync.
 *
 * @param bulkhead one of:
 * - a policy, or a number, which is its `maxConcurrent`. Default 10 calls at once, and no queue
 * - a key, which is declared elsewhere in this thread before the first call. The method must return a promise then
 * @param options the panel, for tests
 * @throws PolicyError with all faults of the policy
 * @throws KeyConflictError if the policy's key has another policy already
 * @throws TypeError on anything but a method, and with `maxQueue` on a sync generator
 * @throws PolicyError at a call, for a key that is not declared
 * @throws BulkheadFullError at a call, if the bulkhead refuses
 * @example
 * class Geocoder {
 *   @Bulkhead({ key: 'geo-api', maxConcurrent: 20, maxQueue: 100, queueTimeout: '2s' })
 *   async lookup(address: string): Promise<Point> {
 *     return geocode(address);
 *   }
 * }
 */
// A key is a template, because objects are not inferred from one: `S` stays `never` for a policy.
export function Bulkhead<Q extends number = 0, S extends string = never>(
  bulkhead?: number | `${S}` | MethodBulkheadPolicy<Q>,
  options?: WithBulkheadOptions,
): BulkheadDecorator<Q, S>;
// Not the first: compilers go on with the first overload after an error. The text is not named, because the name would be printed.
/** Without parentheses: no decorator. */
export function Bulkhead(
  method: object,
  context: DecoratorContext | string | symbol,
  descriptor?: object,
): ['@Bulkhead needs parentheses: write @Bulkhead()'];
export function Bulkhead(...args: unknown[]): unknown {
  if (isBare(args)) throw bare('@Bulkhead');
  const [bulkhead, options] = args as [(number | string | BulkheadPolicy)?, WithBulkheadOptions?];
  const declaredAt = callSite(Bulkhead);
  const limit = (): Policy => withBulkhead(bulkhead as number, { declaredAt, ...options });
  // Throws the faults of the policy here, where it is written.
  let made: Policy | undefined = limit();
  const isShared =
    typeof bulkhead === 'string' || (typeof bulkhead === 'object' && bulkhead.key !== undefined);
  return decorateMethod('@Bulkhead', ({ fn, name }) => {
    const limited = made ?? limit();
    // Without a key, the next method that a stored decorator is put on has a bulkhead of its own.
    if (!isShared) made = undefined;
    if (limited.waits && isSyncStream(fn))
      throw stream('@Bulkhead', 'let a sync generator wait', name, 'make it async, or leave maxQueue out');
    return { wrapper: limited(fn) };
  });
}
