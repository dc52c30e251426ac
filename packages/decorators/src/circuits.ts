import {
  type CircuitBreakerPolicy,
  circuits,
  type Fault,
  isPolicyError,
  PolicyError,
  withCircuitBreaker,
} from '@switchgear/core';
import { isBreaker, isObject, isPlain, showValue } from '@switchgear/core/kit';
import type { Class } from './decorate-method.js';
import './symbol-metadata.js';
import { addDeclaration } from './metadata.js';
import { bare, isContext, showMember } from './misuse.js';
import { siteOf } from './site.js';

/** Policies by the key of their circuit. */
export type CircuitPolicies = Readonly<Record<string, Omit<CircuitBreakerPolicy, 'key'>>>;

/**
 * Decorates a class, in either decorator mode. The type accepts whatever has a prototype, because a class with a private
 * constructor fits no type of constructor. For anything else, the compiler prints the text.
 */
export type CircuitsDecorator = <X>(
  target: { readonly prototype: object } | NoClass,
  context?: X extends { readonly kind: 'class' } ? X : NoClass,
) => void;

type NoClass = '@Circuits decorates classes only';

/**
 * Declares circuits by key, for the methods of this class and of any other class. `@CircuitBreaker('geo-api')` refers to
 * such a circuit, and may be evaluated before or after the declaration.
 *
 * @param policies the policy of each circuit, by its key
 * @throws PolicyError with all faults of all policies; then no circuit is declared
 * @throws KeyConflictError if a key has another policy already
 * @throws TypeError on anything but a class, or if `policies` is no plain object
 * @example
 * @Circuits({ 'geo-api': { failureThreshold: 3, resetTimeout: '30s' } })
 * class Geocoder {
 *   @CircuitBreaker('geo-api')
 *   async lookup(address: string): Promise<Point> {
 *     return geocode(address);
 *   }
 * }
 */
export function Circuits(policies: CircuitPolicies): CircuitsDecorator;
/** Without parentheses: no decorator. */
export function Circuits(
  target: { readonly prototype: object },
  context: DecoratorContext,
): ['@Circuits needs parentheses: write @Circuits({ key: policy })'];
export function Circuits(policies: unknown): unknown {
  if (typeof policies === 'function') throw bare('@Circuits');
  // A Map, a list or an instance is refused: its enumerable properties are no policies.
  if (!isObject(policies) || Array.isArray(policies) || !isPlain(policies)) {
    throw new TypeError(
      `@Circuits: expected policies by key, such as { 'geo-api': {} }, received ${showValue(policies)}`,
    );
  }
  const entries = Object.entries(policies as CircuitPolicies);
  const faults = entries.flatMap(([key, policy]) => faultsOf(key, policy));
  if (faults.length > 0) throw new PolicyError('@Circuits', faults);
  return function decorate(target: unknown, context?: unknown): void {
    const name = isContext(context) ? context.kind !== 'class' && context.name : context;
    if (name !== undefined && name !== false) {
      throw new TypeError(
        `@Circuits decorates classes, not members such as ${showMember(name)}. Put it on the class`,
      );
    }
    const site = siteOf(decorate);
    for (const [key, policy] of entries) circuits.get(key, policy, site);
    const { metadata } = (context ?? {}) as { readonly metadata?: object };
    const written = entries.map(([key, policy]) => [key, Object.freeze({ ...policy })] as const);
    addDeclaration(
      metadata ?? (target as Class),
      Object.freeze({ kind: 'circuits', policies: Object.freeze(Object.fromEntries(written)) }),
    );
  };
}

/** All faults of one circuit, found without declaring it. */
function faultsOf(key: string, policy: unknown): readonly Fault[] {
  const path = key === '' ? "''" : key;
  const faults = faultsIn(() => withCircuitBreaker(key)).map((fault) => ({
    ...fault,
    path,
    allowed: `as a key, ${fault.allowed}`,
  }));
  if (!isPolicy(policy)) {
    const allowed = 'a policy, such as { failureThreshold: 3 } or {}';
    return [...faults, { path, received: policy, allowed }];
  }
  if (policy.key !== undefined) {
    faults.push({
      path: `${path}.key`,
      received: policy.key,
      allowed: `nothing: the key is ${showValue(key)}`,
    });
  }
  // A policy with a key would be declared.
  const keyless = policy.key === undefined ? policy : { ...policy, key: undefined };
  const others = faultsIn(() => withCircuitBreaker(keyless as CircuitBreakerPolicy));
  return [...faults, ...others.map((fault) => ({ ...fault, path: `${path}.${fault.path}` }))];
}

function faultsIn(read: () => unknown): readonly Fault[] {
  try {
    read();
    return [];
  } catch (error) {
    if (isPolicyError(error)) return error.faults;
    throw error;
  }
}

/** An object that is no list and no breaker. TypeScript accepts a breaker as a policy. */
function isPolicy(value: unknown): value is { readonly key?: unknown } {
  return isObject(value) && !Array.isArray(value) && !isBreaker(value);
}
