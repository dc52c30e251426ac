type Method = (...args: readonly unknown[]) => unknown;

/** The method as a function by itself, which has lost its `this`. */
export function methodOf(target: object, name: PropertyKey): Method {
  return Reflect.get(target, name) as Method;
}

/** Calls a method of which the types know nothing. */
export function call(target: object, name: PropertyKey, ...args: readonly unknown[]): unknown {
  return Reflect.apply(methodOf(target, name), target, args);
}
