import { prototypeChain, stackOf, type WrittenPolicy } from '@switchgear/core/kit';
import type { Class, DecoratedMethod } from './decorate-method.js';

/**
 * The class that has a decorated method, which may be a base class of the instance's class.
 *
 * @param written the decorator's policy in the stack of the method
 * @param self the `this` of a call, or the class. Standard mode has no other way to the class
 * @returns undefined if `self` leads to no such class
 */
export function ownerOf(method: DecoratedMethod, written: WrittenPolicy, self: unknown): Class | undefined {
  const { owner, isStatic, metadata } = method;
  if (owner !== undefined) return owner;
  const chain = prototypeChain(!isStatic && typeof self === 'function' ? self.prototype : self);
  const home =
    chain.find((one) => metadata !== undefined && metadataOf(ownerAt(one, isStatic)) === metadata) ??
    // For compilers that do not implement metadata.
    chain.find((one) => hasMethod(one, method, written));
  return home === undefined ? undefined : ownerAt(home, isStatic);
}

/** The name of a class; undefined if it has none. A static member `name` of the class counts if it is a text. */
export function classNameOf(owner: unknown): string | undefined {
  if (typeof owner !== 'function') return undefined;
  const { name } = owner as { readonly name: unknown };
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** The class of a static method's home, which is the class itself, or of an instance method's home, the prototype. */
function ownerAt(home: object, isStatic: boolean): Class | undefined {
  const owner: unknown = isStatic ? home : (home as { readonly constructor?: unknown }).constructor;
  return typeof owner === 'function' ? (owner as Class) : undefined;
}

function metadataOf(owner: Class | undefined): unknown {
  return owner === undefined ? undefined : Object.getOwnPropertyDescriptor(owner, Symbol.metadata)?.value;
}

function hasMethod(home: object, { name, isStatic }: DecoratedMethod, written: WrittenPolicy): boolean {
  const owner = ownerAt(home, isStatic);
  // Another object may have the method as a property of its own.
  if (owner === undefined || (!isStatic && owner.prototype !== home)) return false;
  const fn: unknown = Object.getOwnPropertyDescriptor(home, name)?.value;
  return typeof fn === 'function' && stackOf(fn).some((layer) => layer.written === written);
}
