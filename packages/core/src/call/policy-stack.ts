import type { AnyFunction } from './guarded-function.js';
import type { Stage } from './stage.js';

/** A policy as it was written in code. */
export interface WrittenPolicy {
  readonly kind: string;
  /** The name by which the policy shares its state, or the function that names it for each call, or undefined. */
  readonly key?: string | ((this: never, ...args: never[]) => string) | undefined;
  /** Undefined where the policy is only referred to by its key, and written elsewhere. */
  readonly policy?: object | undefined;
}

/** What one policy of a stack would do with a call now. */
export interface LayerExplanation {
  /** Whether it would let the call through. */
  readonly admits: boolean;
  /** What it does, and why, as a sentence. */
  readonly text: string;
}

/** One policy around a function. */
export interface PolicyLayer {
  readonly kind: string;
  /** The name that all calls share; undefined where each call has a name of its own, or the policy has no name. */
  readonly key: string | undefined;
  /** The name for a call with this `this` and these arguments; undefined where no name is known yet. */
  keyFor(self: unknown, args: readonly unknown[]): string | undefined;
  readonly written: WrittenPolicy;
  /** What it would do with a call with this `this` and these arguments; undefined where no state decides. */
  explain?(self: unknown, args: readonly unknown[]): LayerExplanation;
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

/** The policies around a function that can be compiled into one function with it. */
export interface Composed {
  /** Outermost first. */
  readonly stages: readonly Stage[];
  /** The function inside all stages. */
  readonly fn: AnyFunction;
}

const composed = new WeakMap<object, Composed>();

/** What a wrapper is made of; undefined where no policy of this package has made it. */
export function composedOf(wrapper: object): Composed | undefined {
  return composed.get(wrapper);
}

/**
 * Writes the stack of a wrapper: one policy around those of the function that it wraps.
 *
 * @param stage how the policy works in a compiled function; undefined where it cannot
 */
export function addLayer(wrapper: object, original: AnyFunction, layer: PolicyLayer, stage?: Stage): void {
  writeStack(wrapper, [layer, ...stackOf(original)]);
  if (stage === undefined) return;
  const inner = composed.get(original) ?? { stages: [], fn: original };
  composed.set(wrapper, { stages: [stage, ...inner.stages], fn: inner.fn });
}

/** Writes for a compiled function what the guarded function says that it was made of. */
export function copyStack(compiled: object, guarded: object, made: Composed): void {
  writeStack(compiled, stackOf(guarded));
  composed.set(compiled, made);
}

function writeStack(wrapper: object, layers: readonly PolicyLayer[]): void {
  Object.defineProperty(wrapper, STACK, { value: Object.freeze([...layers]), configurable: true });
}
