import { TargetError } from '../errors.js';
import type { Class } from '../protocol/address.js';
import { isClass } from './parallel-mark.js';

/**
 * A method of the class or of one that it extends. Methods that every object has, such as `toString`, count only where a class has one of
 * its own.
 */
export function methodOf(owner: Class, name: string): unknown {
  if (name === 'constructor') return undefined;
  const prototypes = chainOf(owner.prototype).filter((prototype) => prototype !== Object.prototype);
  if (!prototypes.some((prototype) => Object.hasOwn(prototype, name))) return undefined;
  return functionOf(() => (owner.prototype as Record<string, unknown>)[name]);
}

/** A value and its prototypes, the nearest first. */
export function chainOf(start: unknown): readonly object[] {
  const chain: object[] = [];
  const isObject = (value: unknown): value is object =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';
  for (let each: unknown = start; isObject(each); each = Object.getPrototypeOf(each)) chain.push(each);
  return chain;
}

function functionOf(read: () => unknown): unknown {
  try {
    const value = read();
    return typeof value === 'function' ? value : undefined;
  } catch {
    // The getter needs an instance.
    return undefined;
  }
}

/** @throws TargetError for anything else */
export function assertClass(owner: unknown): asserts owner is Class {
  if (isClass(owner)) return;
  const received = typeof owner === 'function' ? 'a function' : owner === null ? 'null' : typeof owner;
  throw new TargetError(`expected a class, received ${received}`);
}
