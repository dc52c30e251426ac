/** An object that is not a function. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whatever can be a key of a WeakMap: an object or a function. */
export function isObjectOrFunction(value: unknown): value is object {
  return isObject(value) || typeof value === 'function';
}

/** An object literal, of any realm, or an object without a prototype. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A field of a value that may be anything; undefined where the value has no such field, or reading it throws. */
export function fieldOf(owner: unknown, name: string): unknown {
  if (!isObject(owner)) return undefined;
  try {
    return (owner as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** A Proxy can make a chain of prototypes that never ends. */
const MAX_PROTOTYPES = 100;

/** A value, its prototype, the prototype of that, and so on; empty for primitive values. */
export function prototypeChain(start: unknown): readonly object[] {
  const chain: object[] = [];
  for (let link = start; isObjectOrFunction(link) && chain.length <= MAX_PROTOTYPES;) {
    chain.push(link);
    link = Object.getPrototypeOf(link) as unknown;
  }
  return chain;
}

/** The name of the class that a prototype belongs to. */
export function constructorName(prototype: object): string | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof constructor === 'function' ? ownText(constructor, 'name') : undefined;
}

/** An own property that is a text and not a getter. */
export function ownText(owner: object, key: string): string | undefined {
  const value: unknown = Object.getOwnPropertyDescriptor(owner, key)?.value;
  return typeof value === 'string' ? value : undefined;
}
