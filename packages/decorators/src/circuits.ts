import {
  type CircuitBreakerPolicy,
  circuits,
  type Fault,
  isPolicyError,
  PolicyError,
  withCircuitBreaker,
} from '@switchgear/core';
import type { Class } from './decorate-method.js';
import './symbol-metadata.js';
import { addDeclaration } from './metadata.js';
import { bare, describe, isContext, received } from './misuse.js';
import { siteOf } from './site.js';

/** Policies by the key of their circuit. */
export type CircuitPolicies = Readonly<Record<string, Omit<CircuitBreakerPolicy, 'key'>>>;

/**
 * Decorates a class, in either decorator mode. A class is told by its prototype, because one whose constructor is private fits
 * no type of constructor. The texts are what the compiler prints of anything else.
 */
export type CircuitsDecorator = <X>(
  target: { readonly prototype: object } | NoClass,
  context?: X extends { readonly kind: 'class' } ? X : NoClass,
) => void;

type NoClass = '@Circuits decorates classes only';

/**
 * Declares circuits by key, for the methods of this class and of any other: `@CircuitBreaker('geo-api')` refers to them,
 * whether it is evaluated before or after.
 *
 * @param policies the policy of each circuit, by its key
 * @throws PolicyError for policies that make no sense, with everything that is wrong with any of them; then none is declared
 * @throws KeyConflictError if a key stands for another policy already
 * @throws TypeError on anything but a class, or for what is no object of policies
 * @example
 * @Circuits({ 'geo-api': { failureThreshold: 3, resetTimeout: '30s' } })
 * class Geocoder {
 *   @CircuitBreaker('geo-api')
 *   async lookup(address: string): Promise<Point> {
 *     return geocode(address);
 *   }
 * }
 */
export function Circuits(policies: CircuitPolicies): CircuitsDecorator {
  const given: unknown = policies;
  if (typeof given === 'function') throw bare('@Circuits');
  if (!isPlain(given)) {
    throw new TypeError(
      `@Circuits: expected policies by key, such as { 'geo-api': {} }, received ${received(given)}`,
    );
  }
  const declared = Object.entries(policies);
  const faults = declared.flatMap(([key, policy]) => faultsOf(key, policy));
  if (faults.length > 0) throw new PolicyError('@Circuits', faults);
  return function decorate(target: unknown, context?: unknown): void {
    const name = isContext(context) ? context.kind !== 'class' && context.name : context;
    if (name !== undefined && name !== false) {
      throw new TypeError(
        `@Circuits decorates classes, not members such as ${describe(name)}. Put it on the class`,
      );
    }
    const site = siteOf(decorate);
    for (const [key, policy] of declared) circuits.get(key, policy, site);
    const { metadata } = (context ?? {}) as { readonly metadata?: object };
    const written = declared.map(([key, policy]) => [key, Object.freeze({ ...policy })] as const);
    addDeclaration(
      metadata ?? (target as Class),
      Object.freeze({ kind: 'circuits', policies: Object.freeze(Object.fromEntries(written)) }),
    );
  };
}

/** Not a Map, a list or an instance: of those, what `Object.entries` lists are no policies. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** All that is wrong with one circuit. Nothing is declared to find it out. */
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
      allowed: `nothing: the key is ${received(key)}`,
    });
  }
  // With a key it would be declared.
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

/** A breaker is an object as well, and one that fits where policies are expected. */
function isPolicy(value: unknown): value is { readonly key?: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('wrap' in value);
}
