import type { CircuitBreaker } from '@switchgear/core';
import { stackOf } from '@switchgear/core/kit';
import type { AttachedPolicy } from './attached-policy.js';
import { circuitOn, declarationsOn } from './metadata.js';
import type { Method } from './method-decorator.js';
import { describe, received } from './misuse.js';

/** The names of a target's members; of a class, also those of its instances. */
export type MemberName<T> =
  keyof T | (T extends Method ? never : T extends { readonly prototype: infer I } ? keyof I : never);

/**
 * What a method carries, outermost first: its own policies, or those of the method it inherits. An override without decorators
 * carries none. Of a class alone, what `@Circuits` declares there and in its base classes.
 *
 * @param target a class, a prototype, an instance, or the method itself
 * @param method its name, or the method itself; of a class, first an instance method is looked for, then a static one
 * @throws TypeError if there is no such method, or the target is none of these
 * @example
 * policiesOf(Geocoder, 'lookup'); // [{ kind: 'retry', policy: { maxRetries: 2 } }, { kind: 'circuit-breaker', key: 'geo-api', … }]
 */
export function policiesOf(target: Method | { readonly prototype: object }): readonly AttachedPolicy[];
export function policiesOf<T extends object>(
  target: T,
  method: MemberName<T> | Method,
): readonly AttachedPolicy[];
export function policiesOf(target: object, method?: PropertyKey | Method): readonly AttachedPolicy[] {
  mustHaveMethods('policiesOf', target);
  const fn = method === undefined ? target : methodOf('policiesOf', target, method);
  const stack = stackOf(fn).map(({ written }) => written as AttachedPolicy);
  if (method !== undefined) return Object.freeze(stack);
  const policies: AttachedPolicy[] = [...stack, ...declarationsOn(target)];
  // The chain of classes, and not that of their metadata, which not every compiler links.
  for (let owner: unknown = target; typeof owner === 'function'; owner = Object.getPrototypeOf(owner)) {
    const metadata: unknown = Object.getOwnPropertyDescriptor(owner, Symbol.metadata)?.value;
    if (owner !== target) policies.push(...declarationsOn(owner));
    if (typeof metadata === 'object' && metadata !== null) policies.push(...declarationsOn(metadata));
  }
  return Object.freeze(policies);
}

/**
 * The circuit of a method; of several, the outermost.
 *
 * @param target a class, a prototype, an instance, or the method itself
 * @param method its name, or the method itself, which is the way to private ones
 * @param args the arguments of a call, where they say which circuit it is
 * @returns undefined if the method has none, or none yet for these arguments
 * @throws TypeError if there is no such method, or the target is none of these
 * @throws PolicyError if the method refers to a key that nobody has declared
 * @example
 * circuitOf(Geocoder, 'lookup')?.state; // 'closed'
 */
export function circuitOf(method: Method): CircuitBreaker | undefined;
export function circuitOf<T extends object>(
  target: T,
  method: MemberName<T> | Method,
  ...args: readonly unknown[]
): CircuitBreaker | undefined;
export function circuitOf(
  target: object,
  method?: PropertyKey | Method,
  ...args: readonly unknown[]
): CircuitBreaker | undefined {
  mustHaveMethods('circuitOf', target);
  // Given nothing but the method, there is no `this` that a key function could look at.
  const [self, fn] =
    method === undefined ? [undefined, target] : [target, methodOf('circuitOf', target, method)];
  return circuitOn(fn)?.(self, args);
}

/** Plain JavaScript may ask of anything. */
function mustHaveMethods(asked: string, target: unknown): void {
  if (typeof target === 'function' || (typeof target === 'object' && target !== null)) return;
  throw new TypeError(
    `${asked}: expected a class, a prototype, an instance or a method, received ${received(target)}`,
  );
}

function methodOf(asked: string, target: object, name: PropertyKey | Method): object {
  if (typeof name === 'function') return name;
  const homes =
    typeof target === 'function' ? [(target as { prototype?: unknown }).prototype, target] : [target];
  for (const home of homes) {
    for (let at: unknown = home; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
      const descriptor = Object.getOwnPropertyDescriptor(at, name);
      if (typeof descriptor?.value === 'function') return descriptor.value as object;
      if (descriptor !== undefined) break;
    }
  }
  throw new TypeError(`${asked}: ${classNameOf(target)} has no method ${describe(name)}`);
}

function classNameOf(target: object): string {
  const owner: unknown =
    typeof target === 'function' ? target : (target as { constructor?: unknown }).constructor;
  return typeof owner === 'function' && owner.name !== '' ? owner.name : 'the object';
}
