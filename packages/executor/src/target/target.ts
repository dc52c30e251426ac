import { TargetError } from '../errors.js';
import type { Class, Target } from '../protocol/address.js';
import { isClass, markOf, type ParallelOptions } from './parallel-mark.js';
import { registrationOf } from './registrations.js';

/**
 * Where workers find a method.
 *
 * @throws TargetError, with what to write, where they cannot
 */
export function targetFor(
  owner: Class,
  method: string,
): { readonly target: Target; readonly options: ParallelOptions } {
  assertClass(owner);
  const methodName: unknown = method;
  if (typeof methodName !== 'string') {
    throw new TargetError(`a method has to have a name that is a text, received ${String(methodName)}`);
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
      `${name}: ${base.name} is marked with @Parallel, but where its subclass ${owner.name} is, nobody knows. Put @Parallel() on ${owner.name}`,
    );
  }
  if (mark === undefined)
    throw new TargetError(`${name} is not marked: put @Parallel() on the class ${owner.name}`);
  const address = { module: mark.module, className: owner.name, ordinal: undefined };
  return { target: { address, method, name }, options: mark.options };
}

/** The nearest base class that is marked. */
function baseOf(owner: Class): Class | undefined {
  for (
    let base: unknown = Object.getPrototypeOf(owner);
    typeof base === 'function';
    base = Object.getPrototypeOf(base)
  ) {
    if (registrationOf(base as Class) !== undefined) return base as Class;
  }
  return undefined;
}

/** Of the class or one that it extends; what every object has, such as `toString`, only if a class has one of its own. */
export function methodOf(owner: Class, name: string): unknown {
  if (name === 'constructor') return undefined;
  for (
    let from: unknown = owner.prototype;
    typeof from === 'object' && from !== null && from !== Object.prototype;
    from = Object.getPrototypeOf(from)
  ) {
    if (Object.hasOwn(from, name))
      return functionOf(() => (owner.prototype as Record<string, unknown>)[name]);
  }
  return undefined;
}

function functionOf(read: () => unknown): unknown {
  try {
    const value = read();
    return typeof value === 'function' ? value : undefined;
  } catch {
    // A getter that needs an instance.
    return undefined;
  }
}

/** @throws TargetError for anything else */
export function assertClass(owner: unknown): asserts owner is Class {
  if (isClass(owner)) return;
  const received = typeof owner === 'function' ? 'a function' : owner === null ? 'null' : typeof owner;
  throw new TargetError(`expected a class, received ${received}`);
}
