import { TargetError } from '../errors.js';
import type { Class, Target } from '../protocol/address.js';
import { isClass, markOf, type ParallelOptions } from './parallel-mark.js';
import { registrationOf } from './registrations.js';

/**
 * The target of a method: where workers find it.
 *
 * @throws TargetError where they cannot find it; the message says what to write
 */
export function targetFor(
  owner: Class,
  method: string,
): { readonly target: Target; readonly options: ParallelOptions } {
  assertClass(owner);
  const methodName: unknown = method;
  if (typeof methodName !== 'string') {
    throw new TargetError(`expected the name of a method, received ${String(methodName)}`);
  }
  const name = `${owner.name || '(anonymous)'}.${method}`;
  const fn = methodOf(owner, method);
  if (fn === undefined) throw new TargetError(`${name} is no method`);
  const mark = markOf(fn);
  const registration = registrationOf(owner);
  if (registration !== undefined) {
    return {
      target: { address: registration.address, method, name },
      options: { ...registration.options, ...mark?.options },
    };
  }
  const base = baseOf(owner);
  if (base !== undefined) {
    throw new TargetError(
      `${name}: ${base.name} is marked with @Parallel, but its subclass ${owner.name} is not, so workers cannot find it. Put @Parallel() on ${owner.name}`,
    );
  }
  if (mark === undefined)
    throw new TargetError(`${name} is not marked: put @Parallel() on the class ${owner.name}`);
  const address = { module: mark.module, className: owner.name, ordinal: undefined };
  return { target: { address, method, name }, options: mark.options };
}

/** The nearest base class that is marked. */
function baseOf(owner: Class): Class | undefined {
  const [, ...bases] = chainOf(owner);
  return bases.find((base): base is Class => registrationOf(base as Class) !== undefined);
}

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
function chainOf(start: unknown): readonly object[] {
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
