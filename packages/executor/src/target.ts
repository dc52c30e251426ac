import { TargetError } from './errors.js';
import { markOf, type ParallelOptions } from './parallel.js';
import type { Target } from './protocol.js';
import { type Class, registrationOf } from './registrations.js';

/**
 * Where workers find a method.
 *
 * @throws TargetError, with what to write, where they cannot
 */
export function targetFor(
  owner: Class,
  method: string,
): { readonly target: Target; readonly options: ParallelOptions } {
  const given: unknown = owner;
  if (typeof given !== 'function' || typeof owner.prototype !== 'object') {
    throw new TargetError(
      `expected a class, received ${typeof given === 'function' ? 'a function' : typeof given}`,
    );
  }
  const called: unknown = method;
  if (typeof called !== 'string') {
    throw new TargetError(`a method has to have a name that is a text, received ${String(called)}`);
  }
  const name = `${owner.name || '(anonymous)'}.${method}`;
  const fn: unknown = (owner.prototype as Record<string, unknown>)[method];
  if (typeof fn !== 'function') throw new TargetError(`${name} is no method`);
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
