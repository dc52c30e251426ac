/** A policy as it was written, for people and tools. */
export interface WrittenPolicy {
  readonly kind: string;
  /** The name that it shares its state by, or the function that names it for each call; undefined where it has none. */
  readonly key?: string | ((this: never, ...args: never[]) => string) | undefined;
  /** Undefined where it was written elsewhere, and is only referred to by its key. */
  readonly policy?: object | undefined;
}

/** One policy around a function. */
export interface PolicyLayer {
  readonly kind: string;
  /** The name that all calls share; undefined where each call has its own, or there is none. */
  readonly key: string | undefined;
  /** The name for a call with this `this` and these arguments; undefined where there is none yet. */
  keyFor(self: unknown, args: readonly unknown[]): string | undefined;
  readonly written: WrittenPolicy;
}

// Registered, so that another copy of the package reads it, and a decorator that copies properties carries it along.
const STACK: unique symbol = Symbol.for('@switchgear/stack') as never;

const EMPTY: readonly PolicyLayer[] = Object.freeze([]);

/**
 * The policies that a call of a function passes, outermost first. A wrapper that is not ours ends the stack: what is
 * inside it cannot be seen.
 *
 * @param fn what a policy has returned, or any other function
 * @example
 * stackOf(withRetry()(withCircuitBreaker('geo-api')(lookup))).map(({ kind }) => kind); // ['retry', 'circuit-breaker']
 */
export function stackOf(fn: object): readonly PolicyLayer[] {
  return Object.hasOwn(fn, STACK) ? (fn as { [STACK]: readonly PolicyLayer[] })[STACK] : EMPTY;
}

/** Notes on a wrapper that it adds one policy to those of the function it wraps. */
export function addLayer(wrapper: object, original: object, layer: PolicyLayer): void {
  const value = Object.freeze([layer, ...stackOf(original)]);
  Object.defineProperty(wrapper, STACK, { value, configurable: true });
}
