import { callSite } from '../../call/call-site.js';
import type { AnyFunction, GuardedFunction } from '../../call/guarded-function.js';
import { type WrittenPolicy } from '../../call/policy-stack.js';
import { type Policy, policyOf } from '../../call/policy.js';
import { showValue } from '../../errors/show-value.js';
import { CircuitBreaker } from '../breaker/breaker.js';
import { circuitLayer, writtenCircuit } from '../breaker/circuit-layer.js';
import { type KeyedCircuitBreakerPolicy } from '../policy/keyed-policy.js';
import { type CircuitBreakerPolicy } from '../policy/policy.js';
import { isReference, readPolicy } from '../policy/read-policy.js';
import { guardByKey } from './guard-by-key.js';
import { circuits } from './registry.js';

export interface GuardOptions {
  /** The line of code to name where a key is declared twice. Default the caller's. */
  readonly declaredAt?: string;
  /** The policy as it was written, for `policiesOf`, where `circuit` is a function that finds the breaker. */
  readonly written?: WrittenPolicy;
}

/**
 * No arguments, where a function's `this` and arguments are such as the key function takes; else one that nobody can give. (In the type of
 * the function itself it would be in the way of generic ones.)
 */
type Fits<F extends AnyFunction, Self, Arguments extends readonly unknown[]> =
  Parameters<F> extends readonly [...Arguments, ...unknown[]]
    ? ThisParameterType<F> extends Self
      ? []
      : [misfit: 'the key function takes another `this` than the function']
    : [misfit: 'the key function takes other arguments than the function'];

/** A policy whose key depends on the arguments, and which fits only functions that take these. */
export interface KeyedPolicy<Self, Arguments extends readonly unknown[]> {
  <F extends AnyFunction>(fn: F, ...fits: Fits<F, Self, Arguments>): GuardedFunction<F>;
  readonly kind: string;
  readonly waits: false;
  wrap<F extends AnyFunction>(fn: F, ...fits: Fits<F, Self, Arguments>): GuardedFunction<F>;
}

/**
 * Guards a function by a circuit: what `@CircuitBreaker` does for a method.
 *
 * @param circuit a policy, whose circuit is shared by its key or else the function's own; a key that is declared elsewhere,
 * before the first call; a breaker; or a function that finds the breaker at the first call, given its `this`
 * @throws PolicyError for a policy that makes no sense; at the first call for a key nobody has declared
 * @throws KeyConflictError if the policy's key stands for another policy already
 * @example
 * const lookup = withCircuitBreaker({ key: 'geo-api', resetTimeout: '30s' })(async (address: string) => geocode(address));
 * const reverse = withCircuitBreaker('geo-api')(async (point: Point) => addressOf(point));
 */
export function withCircuitBreaker(
  circuit?: CircuitBreakerPolicy | CircuitBreaker | string | ((self: unknown) => CircuitBreaker),
  options?: GuardOptions,
): Policy<false>;
/**
 * Guards a function by one circuit per key, where the arguments of a call say which.
 *
 * @throws PolicyError for a policy that makes no sense; at a call for a key that cannot be one
 * @throws KeyConflictError at a call if the key stands for another policy already
 * @example
 * const load = withCircuitBreaker({ key: (tenant: string) => `crm:${tenant}`, failureThreshold: 3 })(
 *   async (tenant: string, id: number) => crm(tenant).load(id),
 * );
 */
export function withCircuitBreaker<Self, Arguments extends readonly unknown[]>(
  policy: KeyedCircuitBreakerPolicy<Self, Arguments>,
  options?: GuardOptions,
): KeyedPolicy<Self, Arguments>;
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
  // What is no policy at all is refused before anything is made of it.
  if (typeof circuit !== 'string' && (typeof circuit !== 'object' || (circuit as unknown) === null))
    readPolicy(circuit as never);
  const declaredAt = options.declaredAt ?? callSite(withCircuitBreaker);
  if (typeof circuit === 'object' && typeof circuit.key === 'function')
    return guards(guardByKey(circuit, declaredAt));
  const policy = circuit as CircuitBreakerPolicy | string;
  const key = typeof policy === 'string' ? policy : policy.key;
  const written = writtenCircuit(policy);
  if (key === undefined) {
    // What is wrong with a policy is said where it is written, not where it is first used.
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
  // What cannot be a key is refused now.
  if (typeof policy === 'string' || isReference(policy)) readPolicy({ key });
  else circuits.get(key, policy, declaredAt);
  // Resolved at the first call: declarations may come in any order.
  const layer = circuitLayer(written);
  return guards((fn) => CircuitBreaker.guard(fn, () => circuits.get(key, undefined, declaredAt), layer));
}

/** No `instanceof`: the breaker may be of another copy of this package. */
function isBreaker(value: unknown): value is CircuitBreaker {
  return typeof value === 'object' && value !== null && 'wrap' in value;
}

function mustBeBreaker(breaker: unknown): CircuitBreaker {
  if (isBreaker(breaker)) return breaker;
  throw new TypeError(
    `withCircuitBreaker: expected a function that finds a breaker, received one that found ${showValue(breaker)}`,
  );
}
