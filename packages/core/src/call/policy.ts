import type { AnyFunction, GuardedFunction } from './guarded-function.js';
import { linkWrapper } from './wrapped-function.js';

/** An Observable, recognized by its shape. Its `subscribe` is overloaded, so `forEach` gives the type of an item. */
interface Subscribable<T> {
  subscribe(...args: never[]): { unsubscribe(): void };
  forEach(next: (value: T) => void): PromiseLike<void>;
}

/**
 * A function guarded by a policy that may wait. It returns a promise, a stream or an Observable as before, and any other
 * result as a promise.
 */
export type WaitingFunction<F extends AnyFunction> =
  ReturnType<F> extends Promise<unknown> | AsyncIterable<unknown> | Subscribable<unknown>
    ? F
    : (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>;

/** The type of the function that a policy returns. */
type GuardedBy<Waits extends boolean, F extends AnyFunction> = [Waits] extends [false]
  ? GuardedFunction<F>
  : WaitingFunction<F>;

/**
 * A function that guards functions, as `withRetry(…)` and `withCircuitBreaker(…)` return it.
 *
 * `Waits` is true where the policy may make a call wait. Then the guarded function returns a promise, even for a sync
 * function.
 */
export interface Policy<Waits extends boolean = boolean> {
  <F extends AnyFunction>(fn: F): GuardedBy<Waits, F>;
  /** The kind of the policy, such as `'retry'`. */
  readonly kind: string;
  readonly waits: Waits;
  /** The same as calling it. */
  wrap<F extends AnyFunction>(fn: F): GuardedBy<Waits, F>;
}

/** Makes a policy from the function that guards a function. */
export function policyOf<Waits extends boolean>(
  kind: string,
  waits: Waits,
  guard: (fn: AnyFunction) => AnyFunction,
): Policy<Waits> {
  const policy = (fn: AnyFunction): AnyFunction => linkWrapper(guard(fn), fn, kind);
  return Object.assign(policy, { kind, waits, wrap: policy }) as unknown as Policy<Waits>;
}
