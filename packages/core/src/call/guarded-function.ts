import type { Outcome } from './outcome.js';

export type AnyFunction = (this: never, ...args: never[]) => unknown;

/** What a guarded function returns: what it returned before, with any thenable adopted as a promise. */
export type Guarded<R> = R extends PromiseLike<infer Value> ? Promise<Value> : R;

/** A function that is guarded: itself, unless it returns a thenable that is no promise. */
export type GuardedFunction<F extends AnyFunction> =
  ReturnType<F> extends Promise<unknown>
    ? F
    : ReturnType<F> extends PromiseLike<infer Value>
      ? (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Value>
      : F;

/** What `tryCall` returns: an outcome, or a promise of one. */
export type GuardedOutcome<R> = [R] extends [never]
  ? Outcome<never>
  : R extends PromiseLike<infer Value>
    ? Promise<Outcome<Value>>
    : Outcome<R>;
