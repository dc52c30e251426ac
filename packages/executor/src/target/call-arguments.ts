import { TargetError } from '../errors.js';
import type { Owner } from '../protocol/address.js';
import { isClass } from './parallel-mark.js';
import { registrationOf } from './registrations.js';

/** The arguments of a call of an executor. */
export interface CallArguments {
  readonly owner: Owner;
  /** The name of a method of the class; undefined where the owner is a function. */
  readonly method: string | undefined;
  /** The items, or the arguments of one call. */
  readonly input: unknown;
  readonly options: object | undefined;
}

/**
 * Reads `(Class, method, input, options)` or `(function, input, options)`.
 *
 * @throws TargetError for a class without the name of a method. Other faults are found later
 */
export function readCall(args: readonly unknown[]): CallArguments {
  const [owner, second] = args as readonly [Owner, unknown];
  if (isFunctionCall(owner, second)) {
    const [, input, options] = args as readonly [Owner, unknown, object | undefined];
    return { owner, method: undefined, input, options };
  }
  if (typeof second !== 'string') {
    const name = isClass(owner) ? owner.name : 'Class';
    throw new TargetError(
      `expected the name of a method of ${name}, as in map(${name}, 'method', items), received ${String(second)}`,
    );
  }
  const [, method, input, options] = args as readonly [Owner, string, unknown, object | undefined];
  return { owner, method, input, options };
}

function isFunctionCall(owner: unknown, second: unknown): boolean {
  if (typeof owner !== 'function') return false;
  if (registrationOf(owner)?.kind === 'function') return true;
  if (typeof second === 'string') return false;
  return !isClass(owner) || !/^class\b/.test(Function.prototype.toString.call(owner));
}
