import {
  callSite,
  type CircuitBreaker as Breaker,
  type CircuitBreakerPolicy,
  circuits,
  type KeyedCircuitBreakerPolicy,
  withCircuitBreaker,
} from '@switchgear/core';
import type { AttachedCircuitBreaker } from './attached-policy.js';
import { decorateMethod, type EitherDecorator } from './decorate-method.js';
import type { FindCircuit } from './metadata.js';
import type { AnyMethod, MethodDecorator, Owner } from './method-decorator.js';
import { bare, isBare } from './misuse.js';
import { ownCircuit } from './own-circuit.js';

export interface MethodCircuitPolicy<Self, F extends AnyMethod> extends Omit<
  CircuitBreakerPolicy,
  'key' | 'isFailure'
> {
  readonly key?: string | ((this: Self, ...args: Parameters<F>) => string);
  isFailure?(result: Awaited<ReturnType<F>>): boolean;
  readonly maxCircuits?: number;
}

export function CircuitBreaker<C, P, F extends AnyMethod>(
  policy: MethodCircuitPolicy<Owner<C, P>, F>,
): MethodDecorator<C, P, F>;
export function CircuitBreaker<C, P, F extends AnyMethod>(
  circuit?: string | Breaker,
): MethodDecorator<C, P, F>;
export function CircuitBreaker(...args: unknown[]): EitherDecorator {
  if (isBare(args)) throw bare('@CircuitBreaker');
  const [circuit = {}] = args as [Circuit?];
  const declaredAt = callSite(CircuitBreaker);
  // What is wrong with a policy is said here, where it is written.
  const guard = withCircuitBreaker(circuit as CircuitBreakerPolicy, { declaredAt });
  const shared = finderOf(circuit);
  return decorateMethod('@CircuitBreaker', (method) => {
    const policy = attachedOf(circuit);
    if (shared !== undefined) return { policy, wrapper: guard(method.fn), circuit: shared };
    const own = (self: unknown): Breaker => ownCircuit(policy.policy ?? {}, declaredAt, method, policy, self);
    return { policy, wrapper: withCircuitBreaker(own)(method.fn), circuit: own };
  });
}

/** Everything that names a circuit. */
type Circuit = string | Breaker | CircuitBreakerPolicy | KeyedCircuitBreakerPolicy;

/** How to find a circuit that is not a method's own. */
function finderOf(circuit: Circuit): FindCircuit | undefined {
  if (isBreaker(circuit)) return () => circuit;
  const key = typeof circuit === 'string' ? circuit : circuit.key;
  if (typeof key === 'string') return () => circuits.get(key);
  if (key === undefined) return undefined;
  return (self, args) => {
    const name: unknown = Reflect.apply(key, self, args);
    return typeof name === 'string' && circuits.has(name) ? circuits.get(name) : undefined;
  };
}

/** Each method has its own: it tells what was written on that method. */
function attachedOf(circuit: Circuit): AttachedCircuitBreaker {
  const kind = 'circuit-breaker';
  if (typeof circuit === 'string' || isBreaker(circuit)) {
    const key = typeof circuit === 'string' ? circuit : circuit.key;
    return Object.freeze({ kind, key, policy: undefined });
  }
  const { key, ...policy } = circuit;
  const isReference =
    key !== undefined && Object.values<unknown>(policy).every((value) => value === undefined);
  return Object.freeze({ kind, key, policy: isReference ? undefined : Object.freeze(policy) });
}

/** No `instanceof`: it may be of another copy of core. */
function isBreaker(circuit: Circuit): circuit is Breaker {
  return typeof circuit === 'object' && 'wrap' in circuit;
}
