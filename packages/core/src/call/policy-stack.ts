/** A policy as it was written in code. */
export interface WrittenPolicy {
  readonly kind: string;
  /** The name by which the policy shares its state, or the function that names it for each call, or undefined. */
  readonly key?: string | ((this: never, ...args: never[]) => string) | undefined;
  /** Undefined where the policy is only referred to by its key, and written elsewhere. */
  readonly policy?: object | undefined;
}

/** One policy around a function. */
export interface PolicyLayer {
  readonly kind: string;
  /** The name that all calls share; undefined where each call has a name of its own, or the policy has no name. */
  readonly key: string | undefined;
  /** The name for a call with this `this` and these arguments; undefined where no name is known yet. */
  keyFor(self: unknown, args: readonly unknown[]): string | undefined;
  readonly written: WrittenPolicy;
}

// A registered symbol, so that another copy of the package reads it. Decorators that copy properties copy it as well.
const STACK: unique symbol = Symbol.for('@switchgear/stack') as never;

const EMPTY: readonly PolicyLayer[] = Object.freeze([]);

/**
 * The policies that a call of a function passes, outermost first. A wrapper of another library ends the stack, because
 * the function inside it cannot be seen.
 *
 * @param fn a function that a policy has returned, or any other function
 * @example
 * stackOf(withRetry()(withCircuitBreaker('geo-api')(lookup))).map(({ kind }) => kind); // ['retry', 'circuit-breaker']
 */
export function stackOf(fn: object): readonly PolicyLayer[] {
  return Object.hasOwn(fn, STACK) ? (fn as { [STACK]: readonly PolicyLayer[] })[STACK] : EMPTY;
}

/** Writes the stack of a wrapper: one policy around those of the function that it wraps. */
export function addLayer(wrapper: object, original: object, layer: PolicyLayer): void {
  const value = Object.freeze([layer, ...stackOf(original)]);
  Object.defineProperty(wrapper, STACK, { value, configurable: true });
}
