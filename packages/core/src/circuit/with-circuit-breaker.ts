import { callSite } from '../call-site.js';
import { resemble } from '../resemblance.js';
import { CircuitBreaker } from './breaker.js';
import { isAsynchronous, rememberPromise } from './call.js';
import type { AnyFunction, GuardedFunction } from './guarded.js';
import { type CircuitBreakerPolicy, isReference, readPolicy } from './policy.js';
import { circuits } from './registry.js';

/**
 * Guards a function by a circuit: what `@CircuitBreaker` does for a method.
 *
 * @param circuit a policy, whose circuit is shared by its key or else the function's own; a key that is declared elsewhere,
 * before the first call; or a breaker
 * @throws PolicyError for a policy that makes no sense; at the first call for a key nobody has declared
 * @throws KeyConflictError if the policy's key stands for another policy already
 * @example
 * const lookup = withCircuitBreaker({ key: 'geo-api', resetTimeout: '30s' })(async (address: string) => geocode(address));
 * const reverse = withCircuitBreaker('geo-api')(async (point: Point) => addressOf(point));
 */
export function withCircuitBreaker(
  circuit: CircuitBreakerPolicy | CircuitBreaker | string = {},
): <F extends AnyFunction>(fn: F) => GuardedFunction<F> {
  // No `instanceof`: the breaker may be of another copy of this package.
  if (typeof circuit === 'object' && 'wrap' in circuit) return (fn) => circuit.wrap(fn);
  const key = typeof circuit === 'string' ? circuit : circuit.key;
  if (typeof circuit === 'string' || isReference(circuit)) {
    return (fn) => wrapLater(fn, () => circuits.get(key ?? ''));
  }
  if (key === undefined) {
    // What is wrong with it is said where it is written, not where it is first used.
    readPolicy(circuit);
    return (fn) => new CircuitBreaker(circuit).wrap(fn);
  }
  const breaker = circuits.get(key, circuit, callSite(withCircuitBreaker));
  return (fn) => breaker.wrap(fn);
}

/** Looks for the breaker at the first call: declarations may come in any order. */
function wrapLater<F extends AnyFunction>(fn: F, find: () => CircuitBreaker): GuardedFunction<F> {
  let guarded: AnyFunction | undefined;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    try {
      guarded ??= find().wrap(fn) as unknown as AnyFunction;
    } catch (error) {
      if (isAsynchronous(fn)) return Promise.reject(error);
      throw error;
    }
    return Reflect.apply(guarded, this, args);
  };
  if (isAsynchronous(fn)) rememberPromise(wrapped);
  resemble(wrapped, fn);
  return wrapped as unknown as GuardedFunction<F>;
}
