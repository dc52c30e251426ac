import { BUILT_IN_ERRORS, builtInErrorsOf, isErrorLike } from '../errors/error-shape.js';
import { brandOf, ERROR_BRAND } from '../errors/switchgear-error.js';

/** A class of errors; its subclasses are included. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** Says whether an error is meant. It is asked once an error and must answer at once: no promise. */
export type ErrorPredicate = (error: unknown) => boolean;

/** Which errors are meant: those of a class, those a predicate accepts, or those that any member of a list matches. */
export type ErrorMatcher = ErrorClass | ErrorPredicate | readonly (ErrorClass | ErrorPredicate)[];

/** What is wrong with a matcher, and where in it: '' or '[1]'. */
export interface MatcherFault {
  readonly path: string;
  readonly received: unknown;
  readonly allowed: string;
}

/** An entry of one matcher that another takes all the errors of. */
export interface SwallowedEntry {
  readonly expected: ErrorClass | ErrorPredicate;
  readonly excluded: ErrorClass | ErrorPredicate;
  /** Where `expected` stands in its list; undefined when it is not in one. */
  readonly index: number | undefined;
}

/** Tells a class from a predicate: class syntax and built-in classes, and functions whose prototype is an error. */
export function isErrorClass(value: unknown): value is ErrorClass {
  if (typeof value !== 'function') return false;
  const prototype = Object.getOwnPropertyDescriptor(value, 'prototype');
  if (prototype === undefined || isGenerator(value)) return false;
  // A class's prototype cannot be replaced, a plain function's can; that leaves classes compiled down to functions.
  return prototype.writable === false || inheritsFromError(prototype.value);
}

/**
 * Makes one question of a matcher.
 *
 * Built-in classes match errors of other realms too (under Jest, `TypeError` matches those of Node's own modules), and
 * error classes of Switchgear those of another copy of the package. What a predicate throws is thrown on: the caller
 * decides what an unanswered question means.
 *
 * @param matcher a valid matcher; a list is read once, so later changes of it have no effect
 * @example
 * const counts = compileMatcher([TimeoutError, (error) => isHttpError(error) && error.status >= 500]);
 * counts(new TimeoutError()); // true
 */
export function compileMatcher(matcher: ErrorMatcher): (error: unknown) => boolean {
  const questions = entriesOf(matcher).map(compileEntry);
  if (questions.length === 1) return questions[0];
  return (error) => questions.some((matches) => matches(error));
}

/**
 * The entries of `expected` that `excluded` takes all errors of: the same entry, or a class of which it names a base.
 * The excluded is asked first, so these could never count.
 *
 * @example
 * swallowed([HttpError, RangeError], [Error]); // both, by Error
 */
export function swallowed(expected: ErrorMatcher, excluded: ErrorMatcher): readonly SwallowedEntry[] {
  const found: SwallowedEntry[] = [];
  for (const [index, entry] of entriesOf(expected).entries()) {
    const by = entriesOf(excluded).find((other) => other === entry || isBaseOf(other, entry));
    if (by !== undefined)
      found.push({ expected: entry, excluded: by, index: Array.isArray(expected) ? index : undefined });
  }
  return found;
}

/** Everything that is wrong with a would-be matcher; nothing for an {@link ErrorMatcher}. */
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
  // Its promise or iterator would be truthy for every error.
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
  // The own brand alone: a user's subclass inherits it, and must not match every error of its base.
  const brand: unknown = Object.hasOwn(prototype, ERROR_BRAND) ? brandOf(prototype) : undefined;
  if (brand === undefined) return (error) => error instanceof entry;
  return (error) => error instanceof entry || brandOf(error) === brand;
}

/** The name of a built-in class of this realm, whose namesakes in other realms are meant as well. */
function builtInName(entry: ErrorClass): (typeof BUILT_IN_ERRORS)[number] | undefined {
  const global = globalThis as unknown as Record<string, unknown>;
  return BUILT_IN_ERRORS.find((name) => global[name] === entry);
}

function isBaseOf(base: ErrorClass | ErrorPredicate, entry: ErrorClass | ErrorPredicate): boolean {
  if (!isErrorClass(base) || !isErrorClass(entry)) return false;
  return Object.prototype.isPrototypeOf.call(base.prototype as object, entry.prototype as object);
}

function inheritsFromError(prototype: unknown): boolean {
  if (typeof prototype !== 'object' || prototype === null) return false;
  return prototype instanceof Error || builtInErrorsOf(prototype).includes('Error');
}

function isAsync(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object AsyncFunction]';
}

function isGenerator(value: object): boolean {
  return /^\[object (Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(value));
}
