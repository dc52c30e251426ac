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

const names: ReadonlySet<string> = new Set(BUILT_IN_ERRORS);

/**
 * Whether a value is an error, also one from another realm, for which `instanceof Error` is false (a vm context, so
 * everything that Node's own modules throw under Jest). Never throws, even for a revoked Proxy.
 */
export function isErrorLike(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const tag = Object.prototype.toString.call(value);
    if (tag === '[object Error]' || tag === '[object DOMException]' || value instanceof Error) return true;
    // What is left: an error of another realm behind a Proxy, an ES5 class or a toStringTag of its own. Plain
    // objects that look like errors are data that somebody threw.
    return !isPlain(value) && builtInErrorsOf(value).includes('Error');
  } catch {
    return false;
  }
}

/** The built-in error classes that a value inherits from, nearest first, by name: so they hold in any realm. */
export function builtInErrorsOf(value: object): readonly BuiltInErrorName[] {
  const found: BuiltInErrorName[] = [];
  let prototype: unknown = Object.getPrototypeOf(value);
  // A chain made by a Proxy may have no end.
  for (let length = 0; length < 100 && typeof prototype === 'object' && prototype !== null; length++) {
    const name = ownText(prototype, 'name') ?? constructorName(prototype);
    if (name !== undefined && names.has(name) && constructorName(prototype) === name) {
      found.push(name as BuiltInErrorName);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return found;
}

/** An object literal, of any realm, or an object without a prototype. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The name of the class that a prototype belongs to. */
export function constructorName(prototype: object): string | undefined {
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof made === 'function' ? ownText(made, 'name') : undefined;
}

function ownText(owner: object, key: string): string | undefined {
  const value: unknown = Object.getOwnPropertyDescriptor(owner, key)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** The text, unless there is none or it is empty. */
export function orElse(text: string | undefined, otherwise: string): string {
  return text === undefined || text === '' ? otherwise : text;
}
