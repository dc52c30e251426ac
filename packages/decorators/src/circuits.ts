import { type CircuitBreakerPolicy, circuits } from '@switchgear/core';
import type { Class } from './decorate-method.js';
import './symbol-metadata.js';
import { addPolicy } from './metadata.js';
import { bare, describe, isContext } from './misuse.js';
import { siteOf } from './site.js';

/** A decorator of classes in either mode. */
export type ClassDecorator = (target: Class, context?: ClassDecoratorContext) => void;

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
export function Circuits(
  policies: Readonly<Record<string, Omit<CircuitBreakerPolicy, 'key'>>>,
): ClassDecorator {
  const given: unknown = policies;
  if (typeof given === 'function') throw bare('@Circuits');
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `@Circuits: expected policies by key, such as { 'geo-api': {} }, received ${String(given)}`,
    );
  }
  return function decorate(target: Class, context?: unknown): void {
    const name = isContext(context) ? context.kind !== 'class' && context.name : context;
    if (name !== undefined && name !== false) {
      throw new TypeError(
        `@Circuits decorates classes, not members such as ${describe(name)}. Put it on the class`,
      );
    }
    const site = siteOf(decorate);
    for (const [key, policy] of Object.entries(policies)) circuits.get(key, policy, site);
    const { metadata } = (context ?? {}) as { readonly metadata?: object };
    addPolicy(
      metadata ?? target,
      Object.freeze({ kind: 'circuits', policies: Object.freeze({ ...policies }) }),
    );
  };
}
