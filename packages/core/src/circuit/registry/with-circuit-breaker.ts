import { callSite } from '../../call/call-site.js';
import type { AnyFunction, GuardedFunction } from '../../call/guarded-function.js';
import { type WrittenPolicy } from '../../call/policy-stack.js';
import { type Policy, policyOf } from '../../call/policy.js';
import { isObject } from '../../errors/object-shape.js';
import { showValue } from '../../errors/show-value.js';
import { CircuitBreaker } from '../breaker/breaker.js';
import { isBreaker } from '../breaker-shape.js';
import { circuitLayer, writtenCircuit } from '../breaker/circuit-layer.js';
import { type KeyedCircuitBreakerPolicy } from '../policy/keyed-policy.js';
import { type CircuitBreakerPolicy } from '../policy/policy.js';
import { readPolicy } from '../policy/read-policy.js';
import { guardByKey } from './guard-by-key.js';
import { circuits } from './registry.js';

export interface GuardOptions {
  /** The line of code for messages about a key that is declared twice. Default the caller's. */
  readonly declaredAt?: string;
  /** The policy as it was written, for `policiesOf`, where `circuit` is a function that returns the breaker. */
  readonly written?: WrittenPolicy;
}

/**
 * Compile error unless `fn` accepts the key function's `this` and arguments: then a second argument is required that no
 * caller can have. (A constraint on the type of `fn` itself would not accept generic functions.)
 */
type Fits<F extends AnyFunction, Self, Arguments extends readonly unknown[]> =
  Parameters<F> extends readonly [...Arguments, ...unknown[]]
    ? ThisParameterType<F> extends Self
      ? []
      : [misfit: 'the key function takes another `this` than the function']
    : [misfit: 'the key function takes other arguments than the function'];

/** A policy whose key depends on the arguments, for functions that take these arguments. */
export interface KeyedPolicy<Self, Arguments extends readonly unknown[]> {
  <F extends AnyFunction>(fn: F, ...fits: Fits<F, Self, Arguments>): GuardedFunction<F>;
  readonly kind: string;
  readonly waits: false;
  wrap<F extends AnyFunction>(fn: F, ...fits: Fits<F, Self, Arguments>): GuardedFunction<F>;
}

/**
 * Guards a function by a circuit, as `@CircuitBreaker` does for a method.
 *
 * @param circuit one of:
 * - a policy; its circuit is shared by its key, or is the function's own if there is no key. A policy of the key alone joins the
 *   circuit that another place declares, and has the defaults if no place has by the first call
 * - a key, which another place declares before the first call
 * - a policy whose key is a function of the call's arguments: there is one circuit for each key that it returns
 * - a breaker
 * - a function that returns the breaker at the first call, whose `this` it gets
 * @throws PolicyError with all faults of the policy; at a call for a key that is not declared, or for a text that cannot be a key
 * @throws KeyConflictError if the policy's key has another policy already; at a call where a function returns the key
 * @example
 * const lookup = withCircuitBreaker({ key: 'geo-api', resetTimeout: '30s' })(async (address: string) => geocode(address));
 * const reverse = withCircuitBreaker('geo-api')(async (point: Point) => addressOf(point));
 * @example
 * const load = withCircuitBreaker({ key: (tenant: string) => `crm:${tenant}`, failureThreshold: 3 })(
 *   async (tenant: string, id: number) => crm(tenant).load(id),
 * );
 */
// One signature: of several, the compiler would print each for a fault in a policy.
export function withCircuitBreaker<Self = unknown, Arguments extends readonly unknown[] = never>(
  circuit?:
    | string
    | CircuitBreaker
    | ((self: unknown) => CircuitBreaker)
    | (CircuitBreakerPolicy & { readonly maxCircuits?: never })
    | KeyedCircuitBreakerPolicy<Self, Arguments>,
  options?: GuardOptions,
): [Arguments] extends [never] ? Policy<false> : KeyedPolicy<Self, Arguments>;
export function withCircuitBreaker(
  circuit:
    | CircuitBreakerPolicy
    | KeyedCircuitBreakerPolicy
    | CircuitBreaker
    | string
    | ((self: unknown) => CircuitBreaker) = {},
  options: GuardOptions = {},
): Policy<false> | KeyedPolicy<never, never> {
  const guards = (guard: (fn: AnyFunction) => AnyFunction): Policy<false> =>
    policyOf('circuit-breaker', false, guard);
  if (typeof circuit === 'function') {
    const resolve = (self: unknown): CircuitBreaker => mustBeBreaker(circuit(self));
    const written = options.written ?? { kind: 'circuit-breaker' };
    const layer = circuitLayer(written, (self) => circuit(self).key);
    return guards((fn) => CircuitBreaker.guard(fn, resolve, layer));
  }
  if (isBreaker(circuit)) return guards((fn) => circuit.wrap(fn));
  // Throws for a value that is neither a key nor a policy.
  if (typeof circuit !== 'string' && !isObject(circuit)) readPolicy(circuit);
  const declaredAt = options.declaredAt ?? callSite(withCircuitBreaker);
  if (typeof circuit === 'object' && typeof circuit.key === 'function')
    return guards(guardByKey(circuit, declaredAt));
  const policy = circuit as CircuitBreakerPolicy | string;
  const key = typeof policy === 'string' ? policy : policy.key;
  const written = writtenCircuit(policy);
  if (key === undefined) {
    // Throws the faults of the policy here, where it is written, and not at the first call.
    readPolicy(policy as CircuitBreakerPolicy);
    return guards((fn) => {
      const breaker = new CircuitBreaker(policy as CircuitBreakerPolicy);
      return CircuitBreaker.guard(
        fn,
        () => breaker,
        circuitLayer(written, () => breaker.key),
      );
    });
  }
  // Throws now if the text cannot be a key.
  if (typeof policy === 'string') readPolicy({ key });
  else circuits.get(key, policy, declaredAt);
  // Resolved at the first call: declarations may come in any order.
  const layer = circuitLayer(written);
  return guards((fn) => CircuitBreaker.guard(fn, () => circuits.get(key, undefined, declaredAt), layer));
}

function mustBeBreaker(breaker: unknown): CircuitBreaker {
  if (isBreaker(breaker)) return breaker;
  throw new TypeError(
    `withCircuitBreaker: expected a function that returns a breaker, received one that returned ${showValue(breaker)}`,
  );
}
