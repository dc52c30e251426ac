import type { Outcome } from './outcome.js';

export type AnyFunction = (this: never, ...args: never[]) => unknown;

/** The result of a guarded function: the result of the function, with any thenable as a promise. */
export type Guarded<R> = R extends PromiseLike<infer Value> ? Promise<Value> : R;

/** The type of a guarded function: that of the function, unless the function returns a thenable that is no promise. */
export type GuardedFunction<F extends AnyFunction> =
  ReturnType<F> extends Promise<unknown>
    ? F
    : ReturnType<F> extends PromiseLike<infer Value>
      ? (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Value>
      : F;

/** The result of `tryCall`: an outcome, or a promise of one. */
export type GuardedOutcome<R> = [R] extends [never]
  ? Outcome<never>
  : R extends PromiseLike<infer Value>
    ? Promise<Outcome<Value>>
    : Outcome<R>;
