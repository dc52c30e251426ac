import { stackOf, type WrittenPolicy } from '@switchgear/core/kit';
import type { Class, DecoratedMethod } from './decorate-method.js';

/**
 * The class that a decorated method belongs to, which need not be the class of the instance.
 *
 * @param written what the stack of the method says of the decorator
 * @param self the `this` of a call, or the class: in standard mode there is no other way to it
 * @returns undefined where `self` leads to no such class
 */
export function ownerOf(method: DecoratedMethod, written: WrittenPolicy, self: unknown): Class | undefined {
  const { owner, isStatic, metadata } = method;
  if (owner !== undefined) return owner;
  const homes = homesOf(!isStatic && typeof self === 'function' ? self.prototype : self);
  const home =
    homes.find((one) => metadata !== undefined && metadataOf(ownerAt(one, isStatic)) === metadata) ??
    // For compilers that know of no metadata.
    homes.find((one) => hasMethod(one, method, written));
  return home === undefined ? undefined : ownerAt(home, isStatic);
}

/** An object, its prototype, and so on. */
function homesOf(self: unknown): readonly object[] {
  const homes: object[] = [];
  let home: unknown = self;
  while ((typeof home === 'object' && home !== null) || typeof home === 'function') {
    homes.push(home);
    home = Object.getPrototypeOf(home);
  }
  return homes;
}

/** The class that an object stands for: itself, or the one whose instances inherit from it. */
function ownerAt(home: object, isStatic: boolean): Class | undefined {
  const owner: unknown = isStatic ? home : (home as { readonly constructor?: unknown }).constructor;
  return typeof owner === 'function' ? (owner as Class) : undefined;
}

function metadataOf(owner: Class | undefined): unknown {
  return owner === undefined ? undefined : Object.getOwnPropertyDescriptor(owner, Symbol.metadata)?.value;
}

function hasMethod(home: object, { name, isStatic }: DecoratedMethod, written: WrittenPolicy): boolean {
  const owner = ownerAt(home, isStatic);
  // Not an object that has borrowed the method.
  if (owner === undefined || (!isStatic && owner.prototype !== home)) return false;
  const fn: unknown = Object.getOwnPropertyDescriptor(home, name)?.value;
  return typeof fn === 'function' && stackOf(fn).some((layer) => layer.written === written);
}
