import type { AnyFunction, GuardedFunction } from './guarded-function.js';

/** An Observable, known by its shape: `subscribe` is overloaded there, and `forEach` gives the type of an item. */
interface Subscribable<T> {
  subscribe(...args: never[]): { unsubscribe(): void };
  forEach(next: (value: T) => void): PromiseLike<void>;
}

/** A function guarded by a policy that may wait: a promise, a stream or an Observable as it was, all else as a promise. */
export type WaitingFunction<F extends AnyFunction> =
  ReturnType<F> extends Promise<unknown> | AsyncIterable<unknown> | Subscribable<unknown>
    ? F
    : (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>;

/** A function as a policy returns it. */
type GuardedBy<Waits extends boolean, F extends AnyFunction> = [Waits] extends [false]
  ? GuardedFunction<F>
  : WaitingFunction<F>;

/**
 * What `withRetry(…)`, `withCircuitBreaker(…)` and their kin return: a function that guards a function.
 *
 * `Waits` is true where a call may have to wait, for a delay or a place; then the guarded function returns a promise even
 * where the function itself is sync.
 */
export interface Policy<Waits extends boolean = boolean> {
  <F extends AnyFunction>(fn: F): GuardedBy<Waits, F>;
  /** What it does, such as `'retry'`. */
  readonly kind: string;
  readonly waits: Waits;
  /** The same as calling it. */
  wrap<F extends AnyFunction>(fn: F): GuardedBy<Waits, F>;
}

/** Makes a policy of the function that guards with it. */
export function policyOf<Waits extends boolean>(
  kind: string,
  waits: Waits,
  guard: (fn: AnyFunction) => AnyFunction,
): Policy<Waits> {
  const policy = (fn: AnyFunction): AnyFunction => guard(fn);
  return Object.assign(policy, { kind, waits, wrap: policy }) as unknown as Policy<Waits>;
}
