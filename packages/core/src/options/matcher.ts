import { isGenerator } from '../call/function-kind.js';
import { BUILT_IN_ERRORS, builtInErrorsOf, isErrorLike } from '../errors/error-shape.js';
import { isObject } from '../errors/object-shape.js';
import { brandOf, ERROR_BRAND } from '../errors/switchgear-error.js';

/** A class of errors, with its subclasses. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** Whether an error is meant. Called once for each error; must return true or false, and no promise. */
export type ErrorPredicate = (error: unknown) => boolean;

/** The errors that are meant: the errors of a class, those a predicate accepts, or those an entry of a list matches. */
export type ErrorMatcher = ErrorClass | ErrorPredicate | readonly (ErrorClass | ErrorPredicate)[];

/** A fault of a matcher. */
export interface MatcherFault {
  /** The place within the matcher: '' or '[1]'. */
  readonly path: string;
  readonly received: unknown;
  readonly allowed: string;
}

/** An entry of a matcher whose errors another matcher excludes. */
export interface SwallowedEntry {
  readonly expected: ErrorClass | ErrorPredicate;
  readonly excluded: ErrorClass | ErrorPredicate;
  /** The position of `expected` in its list; undefined where it is not in a list. */
  readonly index: number | undefined;
}

/** Whether a function is an error class: a class, a built-in class, or a function whose prototype is an error. */
export function isErrorClass(value: unknown): value is ErrorClass {
  if (typeof value !== 'function') return false;
  const prototype = Object.getOwnPropertyDescriptor(value, 'prototype');
  if (prototype === undefined || isGenerator(value)) return false;
  // The prototype of a class is read-only, that of a plain function is not. Classes that are compiled to functions are
  // recognized by what they inherit from.
  return prototype.writable === false || inheritsFromError(prototype.value);
}

/**
 * Makes one predicate of a matcher.
 *
 * Built-in classes match errors of other realms too: under Jest, `TypeError` matches those of Node's own modules. Error
 * classes of Switchgear match errors of another copy of the package. What a predicate throws is thrown on, and the
 * caller decides what that means.
 *
 * @param matcher a valid matcher; a list is read once, so that later changes of the list have no effect
 * @example
 * const counts = compileMatcher([TimeoutError, (error) => isHttpError(error) && error.status >= 500]);
 * counts(new TimeoutError()); // true
 */
export function compileMatcher(matcher: ErrorMatcher): (error: unknown) => boolean {
  const predicates = entriesOf(matcher).map(compileEntry);
  if (predicates.length === 1) return predicates[0];
  return (error) => predicates.some((matches) => matches(error));
}

/**
 * The entries of `expected` whose errors `excluded` takes: it has the same entry, or a base class of the entry. Excluded
 * errors are looked for first, so these entries have no effect.
 *
 * @example
 * swallowed([HttpError, RangeError], [Error]); // both, by Error
 */
export function swallowed(expected: ErrorMatcher, excluded: ErrorMatcher): readonly SwallowedEntry[] {
  const entries: SwallowedEntry[] = [];
  for (const [index, entry] of entriesOf(expected).entries()) {
    const by = entriesOf(excluded).find((other) => other === entry || isBaseOf(other, entry));
    if (by !== undefined)
      entries.push({ expected: entry, excluded: by, index: Array.isArray(expected) ? index : undefined });
  }
  return entries;
}

/** All faults of a value that should be a matcher; empty for an {@link ErrorMatcher}. */
export function matcherFaults(value: unknown): readonly MatcherFault[] {
  if (Array.isArray(value)) {
    if (value.length === 0)
      return [{ path: '', received: value, allowed: `at least one entry, each ${ENTRY}` }];
    return value.flatMap((entry, index) => entryFaults(entry, `[${index}]`, ENTRY));
  }
  return entryFaults(value, '', `${ENTRY}, or a list of these`);
}

const ENTRY = 'an error class or a function that returns true or false';

function entryFaults(received: unknown, path: string, allowed: string): readonly MatcherFault[] {
  if (typeof received !== 'function') return [{ path, received, allowed }];
  // A promise and an iterator are truthy, whatever the error.
  if (isAsync(received) || isGenerator(received)) return [{ path, received, allowed: `${allowed}, at once` }];
  return [];
}

function entriesOf(matcher: ErrorMatcher): readonly (ErrorClass | ErrorPredicate)[] {
  return typeof matcher === 'function' ? [matcher] : [...matcher];
}

function compileEntry(entry: ErrorClass | ErrorPredicate): (error: unknown) => boolean {
  if (!isErrorClass(entry)) return entry;
  const name = builtInName(entry);
  if (name === 'Error') return (error) => error instanceof entry || isErrorLike(error);
  if (name !== undefined) {
    return (error) => error instanceof entry || (isErrorLike(error) && builtInErrorsOf(error).includes(name));
  }
  const prototype = entry.prototype as object;
  // Only a brand of its own: a subclass of the user inherits one, and must not match every error of its base.
  const brand: unknown = Object.hasOwn(prototype, ERROR_BRAND) ? brandOf(prototype) : undefined;
  if (brand === undefined) return (error) => error instanceof entry;
  return (error) => error instanceof entry || brandOf(error) === brand;
}

/** The name of a built-in class of this realm; the classes of that name in other realms are meant as well. */
function builtInName(entry: ErrorClass): (typeof BUILT_IN_ERRORS)[number] | undefined {
  const global = globalThis as unknown as Record<string, unknown>;
  return BUILT_IN_ERRORS.find((name) => global[name] === entry);
}

function isBaseOf(base: ErrorClass | ErrorPredicate, entry: ErrorClass | ErrorPredicate): boolean {
  if (!isErrorClass(base) || !isErrorClass(entry)) return false;
  return Object.prototype.isPrototypeOf.call(base.prototype as object, entry.prototype as object);
}

function inheritsFromError(prototype: unknown): boolean {
  if (!isObject(prototype)) return false;
  return prototype instanceof Error || builtInErrorsOf(prototype).includes('Error');
}

function isAsync(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object AsyncFunction]';
}
