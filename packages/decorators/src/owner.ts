import type { AttachedPolicy } from './attached-policy.js';
import type { Class, DecoratedMethod } from './decorate-method.js';
import { policiesOn } from './metadata.js';

/**
 * The class that a decorated method belongs to, which need not be the class of the instance.
 *
 * @param attached what the decorator has written on the method
 * @param self the `this` of a call, or the class: in standard mode there is no other way to it
 * @returns undefined where `self` leads to no such class
 */
export function ownerOf(method: DecoratedMethod, attached: AttachedPolicy, self: unknown): Class | undefined {
  if (method.owner !== undefined) return method.owner;
  const isClass = !method.isStatic && typeof self === 'function';
  let home: unknown = isClass ? (self as unknown as Class).prototype : self;
  for (
    ;
    (typeof home === 'object' && home !== null) || typeof home === 'function';
    home = Object.getPrototypeOf(home)
  ) {
    const owner = (
      method.isStatic ? home : (home as { readonly constructor?: unknown }).constructor
    ) as Class;
    if (typeof owner === 'function' && (hasMetadata(owner, method) || hasMethod(home, method, attached)))
      return owner;
  }
  return undefined;
}

function hasMetadata(owner: Class, { metadata }: DecoratedMethod): boolean {
  return (
    metadata !== undefined && Object.getOwnPropertyDescriptor(owner, Symbol.metadata)?.value === metadata
  );
}

/** For compilers that know of no metadata. */
function hasMethod(home: object, { name }: DecoratedMethod, attached: AttachedPolicy): boolean {
  const fn: unknown = Object.getOwnPropertyDescriptor(home, name)?.value;
  return typeof fn === 'function' && policiesOn(fn).includes(attached);
}
