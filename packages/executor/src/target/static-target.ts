import { TargetError } from '../errors.js';
import type { Owner } from '../protocol/address.js';
import { chainOf } from './class-method.js';
import { numberOf } from './owner-number.js';
import { addressOf, allRegistrations, type Registration } from './registrations.js';
import type { FoundTarget } from './found-target.js';

interface StaticMethod {
  readonly registration: Registration;
  readonly name: string;
  /** Whether the class has the method itself, and does not inherit it. */
  readonly isOwn: boolean;
}

/**
 * The target of a static method, by reference, of a class that is marked.
 *
 * @throws TargetError for a function that is no such method, or the method of more than one marked class
 */
export function staticTargetFor(fn: Owner): FoundTarget {
  const found = [...allRegistrations()].flatMap((registration) => staticMethodOf(registration, fn) ?? []);
  const own = found.filter(({ isOwn }) => isOwn);
  const candidates = own.length > 0 ? own : found;
  const method = candidates.at(0);
  if (method === undefined) throw new TargetError(unmarked(fn));
  const { owner, options } = method.registration;
  const name = `${owner.name || '(anonymous)'}.${method.name}`;
  if (candidates.some(({ registration }) => registration.owner !== owner)) {
    const names = candidates.map(({ registration }) => registration.owner.name);
    throw new TargetError(
      `${name} is inherited by ${names.join(' and ')}, and the function does not say of which it is meant. Put @Parallel() on the class that declares it`,
    );
  }
  const address = addressOf(method.registration);
  return {
    owner,
    target: { address, kind: 'static', method: method.name, name, ownerNumber: numberOf(owner) },
    options,
  };
}

function staticMethodOf(registration: Registration, fn: Owner): StaticMethod | undefined {
  const { owner, kind } = registration;
  if (kind !== 'class') return undefined;
  for (const each of chainOf(owner)) {
    if (each === Function.prototype) break;
    // Most often it has its own name; a decorator may have given it another one.
    const names = [fn.name, ...Object.getOwnPropertyNames(each)];
    const name = names.find((one) => Object.getOwnPropertyDescriptor(each, one)?.value === fn);
    if (name !== undefined) return { registration, name, isOwn: each === owner };
  }
  return undefined;
}

function unmarked(fn: Owner): string {
  const name = fn.name || '(anonymous)';
  return (
    `${name} is not marked. Write const ${fn.name || 'work'} = parallel(…) around the function, outside of what else wraps it; ` +
    'of a static method, put @Parallel() on its class'
  );
}
