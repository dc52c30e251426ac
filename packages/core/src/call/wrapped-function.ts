import type { AnyFunction } from './guarded-function.js';

// Registered symbols, so that copies of the package know them from each other.
const ORIGINAL: unique symbol = Symbol.for('@switchgear/original') as never;
const WRAP_LISTENER: unique symbol = Symbol.for('@switchgear/wrap-listener') as never;

interface Linked {
  readonly [ORIGINAL]?: AnyFunction;
  readonly [WRAP_LISTENER]?: WrapListener;
}

/** Hears that a policy has put a wrapper around a function. */
export type WrapListener = (wrapper: AnyFunction, kind: string) => void;

/** Remembers which function a policy has wrapped, and tells the listener of that function. */
export function linkWrapper(wrapper: AnyFunction, original: AnyFunction, kind: string): AnyFunction {
  if (typeof wrapper !== 'function' || wrapper === original) return wrapper;
  Object.defineProperty(wrapper, ORIGINAL, { value: original, configurable: true });
  (original as Linked)[WRAP_LISTENER]?.(wrapper, kind);
  return wrapper;
}

/**
 * The innermost function that policies have wrapped; a function without a policy is its own original.
 *
 * @param fn a function that a policy has returned, or any other function
 */
export function originalOf<F extends object>(fn: F): F {
  let innermost: object = fn;
  for (let next: object | undefined = fn; next !== undefined; next = (next as Linked)[ORIGINAL])
    innermost = next;
  return innermost as F;
}

/** Calls the listener for each wrapper that a policy puts around a function from now on. A later listener takes its place. */
export function listenForWrappers(fn: object, listener: WrapListener): void {
  // A function that is frozen keeps no listener.
  Reflect.defineProperty(fn, WRAP_LISTENER, { value: listener, configurable: true });
}
