import { TargetError } from '../errors.js';
import type { Class, Owner } from '../protocol/address.js';
import { assertClass, chainOf, methodOf } from './class-method.js';
import { digestOf } from './digest.js';
import type { FoundTarget } from './found-target.js';
import { numberOf } from './owner-number.js';
import { markOf } from './parallel-mark.js';
import { addressOf, registrationOf } from './registrations.js';
import { staticTargetFor } from './static-target.js';

/**
 * The target of a method of a class, or of a function.
 *
 * @param owner a class, or a function
 * @param method the method's name; undefined for a function
 * @throws TargetError where workers cannot find it; the message says what to write
 */
export function targetFor(owner: Owner, method: string | undefined): FoundTarget {
  return method === undefined ? functionTargetFor(owner) : methodTargetFor(owner, method);
}

function functionTargetFor(fn: Owner): FoundTarget {
  const received: unknown = fn;
  if (typeof received !== 'function') {
    throw new TargetError(
      `expected a class or a function, received ${received === null ? 'null' : typeof received}`,
    );
  }
  const registration = registrationOf(fn);
  if (registration?.kind === 'function') {
    const name = fn.name || '(anonymous)';
    const { options } = registration;
    const target = {
      address: addressOf(registration),
      kind: 'function',
      method: '',
      name,
      ownerNumber: numberOf(fn),
    } as const;
    return { owner: fn, target, options };
  }
  return staticTargetFor(fn);
}

function methodTargetFor(owner: Owner, method: unknown): FoundTarget {
  assertClass(owner);
  if (typeof method !== 'string') {
    throw new TargetError(`expected the name of a method, received ${String(method)}`);
  }
  const name = `${owner.name || '(anonymous)'}.${method}`;
  const fn = methodOf(owner, method);
  if (fn === undefined) throw new TargetError(`${name} is no method`);
  const mark = markOf(fn);
  const registration = registrationOf(owner);
  const rest = { kind: 'method', method, name, ownerNumber: numberOf(owner) } as const;
  if (registration !== undefined) {
    const target = { address: addressOf(registration), ...rest };
    return { owner, target, options: { ...registration.options, ...mark?.options } };
  }
  const base = baseOf(owner);
  if (base !== undefined) {
    throw new TargetError(
      `${name}: ${base.name} is marked with @Parallel, but its subclass ${owner.name} is not, so workers cannot find it. Put @Parallel() on ${owner.name}`,
    );
  }
  if (mark === undefined)
    throw new TargetError(`${name} is not marked: put @Parallel() on the class ${owner.name}`);
  const { module, isRequired } = mark.site;
  const address = { module, isRequired, ownerName: owner.name, place: undefined, digest: digestOf(owner) };
  return { owner, target: { address, ...rest }, options: mark.options };
}

/** The nearest base class that is marked. */
function baseOf(owner: Class): Class | undefined {
  const [, ...bases] = chainOf(owner);
  return bases.find((base): base is Class => registrationOf(base) !== undefined);
}
