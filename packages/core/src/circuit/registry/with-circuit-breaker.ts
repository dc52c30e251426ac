import { callSite } from '../../call/call-site.js';
import { isAsynchronous, isGenerator, rememberPromise, rememberStream } from '../../call/function-kind.js';
import type { AnyFunction, GuardedFunction } from '../../call/guarded-function.js';
import { rejectSoon } from '../../call/reject-soon.js';
import { resemble } from '../../call/resemblance.js';
import { PolicyError } from '../../errors/policy-error.js';
import { showValue } from '../../errors/show-value.js';
import { CircuitBreaker } from '../breaker/breaker.js';
import { moves } from '../panel/panel-epoch.js';
import {
  type KeyedCircuitBreakerPolicy,
  type ReadKeyedPolicy,
  readKeyedPolicy,
} from '../policy/keyed-policy.js';
import { type CircuitBreakerPolicy } from '../policy/policy.js';
import { isReference, readPolicy } from '../policy/read-policy.js';
import { KeyedCircuits } from './keyed-circuits.js';
import { circuits } from './registry.js';

export interface GuardOptions {
  /** The line of code to name where a key is declared twice. Default the caller's. */
  readonly declaredAt?: string;
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
): <F extends AnyFunction>(fn: F) => GuardedFunction<F>;
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
): <F extends AnyFunction>(fn: F, ...fits: Fits<F, Self, Arguments>) => GuardedFunction<F>;
export function withCircuitBreaker(
  circuit:
    | CircuitBreakerPolicy
    | KeyedCircuitBreakerPolicy
    | CircuitBreaker
    | string
    | ((self: unknown) => CircuitBreaker) = {},
  options: GuardOptions = {},
): <F extends AnyFunction>(fn: F, ...fits: never) => GuardedFunction<F> {
  if (typeof circuit === 'function') return (fn) => CircuitBreaker.guard(fn, (self) => found(circuit(self)));
  if (isBreaker(circuit)) return (fn) => circuit.wrap(fn);
  // Whatever is no policy at all is told so before anything is made of it.
  if (typeof circuit !== 'string' && (typeof circuit !== 'object' || (circuit as unknown) === null))
    readPolicy(circuit as never);
  const declaredAt = options.declaredAt ?? callSite(withCircuitBreaker);
  if (typeof circuit === 'object' && typeof circuit.key === 'function')
    return guardByKey(circuit, declaredAt);
  const policy = circuit as CircuitBreakerPolicy | string;
  const key = typeof policy === 'string' ? policy : policy.key;
  if (key === undefined) {
    // What is wrong with it is said where it is written, not where it is first used.
    readPolicy(policy as CircuitBreakerPolicy);
    return (fn) => new CircuitBreaker(policy as CircuitBreakerPolicy).wrap(fn);
  }
  // What can be no key is told now.
  if (typeof policy === 'string' || isReference(policy)) readPolicy({ key });
  else circuits.get(key, policy, declaredAt);
  // Looked for at the first call: declarations may come in any order.
  return (fn) => CircuitBreaker.guard(fn, () => circuits.get(key, undefined, declaredAt));
}

/** No `instanceof`: the breaker may be of another copy of this package. */
function isBreaker(value: unknown): value is CircuitBreaker {
  return typeof value === 'object' && value !== null && 'wrap' in value;
}

function found(breaker: unknown): CircuitBreaker {
  if (isBreaker(breaker)) return breaker;
  throw new TypeError(
    `withCircuitBreaker: expected a function that finds a breaker, received one that found ${showValue(breaker)}`,
  );
}

/** Finds the circuit that a call would be guarded by, if there is one yet. */
type LookUp = (self: unknown, args: readonly unknown[]) => CircuitBreaker | undefined;

const lookUps = new WeakMap<object, LookUp>();

/**
 * The circuit that would guard a call of a function which has one for each key.
 *
 * @param fn what {@link withCircuitBreaker} returned for it
 * @returns undefined where there is none yet, or the function has no circuit for each key
 * @throws what the key function throws
 */
export function circuitFor(fn: object, self: unknown, args: readonly unknown[]): CircuitBreaker | undefined {
  return lookUps.get(fn)?.(self, args);
}

/** What is kept for each circuit of one function. */
interface Guard {
  readonly breaker: CircuitBreaker;
  readonly guarded: AnyFunction;
}

/** Each function has circuits of its own number; those of one name are one circuit all the same. */
function guardByKey(
  policy: object,
  declaredAt: string,
): <F extends AnyFunction>(fn: F) => GuardedFunction<F> {
  const read = readKeyedPolicy(policy);
  return <F extends AnyFunction>(fn: F) => {
    if (typeof fn !== 'function') {
      throw new TypeError(`withCircuitBreaker: expected a function, received ${showValue(fn)}`);
    }
    const circuitsOf = keyedCircuits(read, declaredAt, (breaker) => ({
      breaker,
      guarded: breaker.wrap<AnyFunction>(fn),
    }));
    const guarded = isGenerator(fn) ? streamByKey(fn, read, circuitsOf) : callByKey(fn, read, circuitsOf);
    lookUps.set(guarded, (self, args) => circuitsOf().find(keyOf(read, self, args))?.breaker);
    if (isAsynchronous(fn)) rememberPromise(guarded);
    if (isGenerator(fn)) rememberStream(guarded);
    resemble(guarded, fn);
    return guarded as unknown as GuardedFunction<F>;
  };
}

function callByKey(
  fn: AnyFunction,
  policy: ReadKeyedPolicy,
  circuitsOf: () => KeyedCircuits<Guard>,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    let guard: Guard;
    try {
      guard = circuitsOf().at(keyOf(policy, this, args));
    } catch (error) {
      if (isAsynchronous(fn)) return rejectSoon(error);
      throw error;
    }
    return Reflect.apply(guard.guarded, this, args);
  };
}

/** The circuit is found when the first item is asked for: one that was found before could have made room since. */
function streamByKey(
  fn: AnyFunction,
  policy: ReadKeyedPolicy,
  circuitsOf: () => KeyedCircuits<Guard>,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const guarded = CircuitBreaker.guard(fn, (self) => circuitsOf().at(keyOf(policy, self, args)).breaker);
    return Reflect.apply(guarded, this, args);
  };
}

function keyOf(policy: ReadKeyedPolicy, self: unknown, args: readonly unknown[]): string {
  const key = Reflect.apply(policy.keyOf, self, args);
  if (typeof key === 'string') return key;
  throw new PolicyError('CircuitBreakerPolicy', [{ path: 'key()', received: key, allowed: 'a text' }]);
}

/** The circuits of one function; others when all circuits have moved. */
function keyedCircuits<T>(
  policy: ReadKeyedPolicy,
  declaredAt: string,
  make: (breaker: CircuitBreaker) => T,
): () => KeyedCircuits<T> {
  let keyed: KeyedCircuits<T> | undefined;
  let madeAt = 0;
  return () => {
    if (keyed === undefined || madeAt !== moves.count) {
      keyed = new KeyedCircuits(circuits.panel, policy, declaredAt, make);
      madeAt = moves.count;
    }
    return keyed;
  };
}
