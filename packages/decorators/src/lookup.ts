import type { CircuitBreaker } from '@switchgear/core';
import { isObject, isObjectOrFunction, prototypeChain, showValue, stackOf } from '@switchgear/core/kit';
import type { AttachedPolicy } from './attached-policy.js';
import { circuitOn, declarationsOn } from './metadata.js';
import type { Method } from './method-decorator.js';
import { showMember } from './misuse.js';
import { classNameOf } from './owner.js';

/** The names of a target's members; of a class, also the names of its instances' members. */
export type MemberName<T> =
  keyof T | (T extends Method ? never : T extends { readonly prototype: infer I } ? keyof I : never);

/**
 * The policies of a method, outermost first. An inherited method has the policies of the base class; an override without
 * decorators has none. For a class without a method, the declarations of `@Circuits` on the class and its base classes.
 *
 * @param target a class, a prototype, an instance, or the method itself
 * @param method the name of the method, or the method itself; for a class, an instance method comes before a static one
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
  // Walks the chain of classes, because not every compiler links the metadata of a class to that of its base class.
  for (const owner of prototypeChain(target)) {
    if (typeof owner !== 'function') break;
    const metadata: unknown = Object.getOwnPropertyDescriptor(owner, Symbol.metadata)?.value;
    if (owner !== target) policies.push(...declarationsOn(owner));
    if (isObject(metadata)) policies.push(...declarationsOn(metadata));
  }
  return Object.freeze(policies);
}

/**
 * The circuit of a method; if there are several, the outermost.
 *
 * @param target a class, a prototype, an instance, or the method itself
 * @param method the name of the method, or the method itself, as for private methods
 * @param args the arguments of a call, for a method with a circuit for each key
 * @returns undefined if the method has no circuit, or none yet for these arguments
 * @throws TypeError if there is no such method, or the target is none of these
 * @throws PolicyError if the method refers to a key that is not declared
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
  // For the method alone, there is no `this` for a key function.
  const [self, fn] =
    method === undefined ? [undefined, target] : [target, methodOf('circuitOf', target, method)];
  return circuitOn(fn)?.(self, args);
}

/** TypeScript checks the target; this is for JavaScript. */
function mustHaveMethods(caller: string, target: unknown): void {
  if (isObjectOrFunction(target)) return;
  throw new TypeError(
    `${caller}: expected a class, a prototype, an instance or a method, received ${showValue(target)}`,
  );
}

function methodOf(caller: string, target: object, name: PropertyKey | Method): object {
  if (typeof name === 'function') return name;
  const starts =
    typeof target === 'function' ? [(target as { prototype?: unknown }).prototype, target] : [target];
  for (const start of starts) {
    for (const owner of prototypeChain(start)) {
      const descriptor = Object.getOwnPropertyDescriptor(owner, name);
      if (typeof descriptor?.value === 'function') return descriptor.value as object;
      if (descriptor !== undefined) break;
    }
  }
  const owner: unknown =
    typeof target === 'function' ? target : (target as { constructor?: unknown }).constructor;
  throw new TypeError(`${caller}: ${classNameOf(owner) ?? 'the object'} has no method ${showMember(name)}`);
}
