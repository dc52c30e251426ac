import { constructorName, isObject, isPlain, ownText, prototypeChain } from './object-shape.js';

/** Error classes that every JavaScript engine has, and DOMException, by the names they have in any realm. */
export const BUILT_IN_ERRORS = [
  'Error',
  'AggregateError',
  'DOMException',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SuppressedError',
  'SyntaxError',
  'TypeError',
  'URIError',
] as const;

export type BuiltInErrorName = (typeof BUILT_IN_ERRORS)[number];

/**
 * Whether a value is an error, of this realm or another. `instanceof Error` is false for errors of another realm, such as
 * a vm context; under Jest that is every error that Node's own modules throw. Never throws, even for a revoked Proxy.
 */
export function isErrorLike(value: unknown): value is Error {
  if (!isObject(value)) return false;
  try {
    const tag = Object.prototype.toString.call(value);
    if (tag === '[object Error]' || tag === '[object DOMException]' || value instanceof Error) return true;
    // The errors that are left are of another realm, and behind a Proxy, of an ES5 class or with a toStringTag of their
    // own. A plain object that looks like an error is data that was thrown.
    return !isPlain(value) && builtInErrorsOf(value).includes('Error');
  } catch {
    return false;
  }
}

/** The built-in error classes that a value inherits from, nearest first; by name, which is the same in any realm. */
export function builtInErrorsOf(value: object): readonly BuiltInErrorName[] {
  return prototypeChain(Object.getPrototypeOf(value))
    .map(builtInName)
    .filter((name) => name !== undefined);
}

function builtInName(prototype: object): BuiltInErrorName | undefined {
  const className = constructorName(prototype);
  const name = ownText(prototype, 'name') ?? className;
  return name === className ? BUILT_IN_ERRORS.find((builtIn) => builtIn === name) : undefined;
}

/** `text`, or `otherwise` where `text` is undefined or empty. */
export function orElse(text: string | undefined, otherwise: string): string {
  return text === undefined || text === '' ? otherwise : text;
}
