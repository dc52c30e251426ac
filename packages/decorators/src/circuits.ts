import { type CircuitBreakerPolicy, circuits } from '@switchgear/core';
import type { Class } from './decorate-method.js';
import './symbol-metadata.js';
import { addPolicy } from './metadata.js';
import { bare, describe, isContext } from './misuse.js';
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
 * @throws PolicyError for a policy that makes no sense, with everything that is wrong with it
 * @throws KeyConflictError if a key stands for another policy already
 * @throws TypeError on anything but a class
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
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `@Circuits: expected policies by key, such as { 'geo-api': {} }, received ${String(given)}`,
    );
  }
  return function decorate(target: unknown, context?: unknown): void {
    const name = isContext(context) ? context.kind !== 'class' && context.name : context;
    if (name !== undefined && name !== false) {
      throw new TypeError(
        `@Circuits decorates classes, not members such as ${describe(name)}. Put it on the class`,
      );
    }
    const site = siteOf(decorate);
    for (const [key, policy] of Object.entries(policies)) circuits.get(key, policy, site);
    const { metadata } = (context ?? {}) as { readonly metadata?: object };
    const written = Object.entries(policies).map(
      ([key, policy]) => [key, Object.freeze({ ...policy })] as const,
    );
    addPolicy(
      metadata ?? (target as Class),
      Object.freeze({ kind: 'circuits', policies: Object.freeze(Object.fromEntries(written)) }),
    );
  };
}
