/** A class that can be instantiated. */
export type Constructor<T = unknown> = new (...args: never[]) => T;

type Method = (...args: never[]) => unknown;

/** The names of methods that take one item. */
export type ItemMethod<T> = { [K in keyof T]: T[K] extends (item: never) => unknown ? K : never }[keyof T] &
  string;

/** The names of all methods. */
export type MethodName<T> = { [K in keyof T]: T[K] extends Method ? K : never }[keyof T] & string;

/** The item that a method takes: its first argument. */
export type ItemOf<T, K extends keyof T> = T[K] extends (...args: infer A) => unknown
  ? A extends readonly [infer Item, ...unknown[]]
    ? Item
    : A extends readonly [(infer Item)?, ...unknown[]]
      ? Item | undefined
      : unknown
  : never;

export type ArgumentsOf<T, K extends keyof T> = T[K] extends (...args: infer A) => unknown ? A : never;

/** The result of a method, awaited. */
export type ResultOf<T, K extends keyof T> = T[K] extends (...args: never[]) => infer R ? Awaited<R> : never;

/** The same class in other threads: each method returns a promise. */
export type Remote<T> = {
  readonly [K in keyof T as T[K] extends Method ? K : never]: (
    ...args: ArgumentsOf<T, K>
  ) => Promise<ResultOf<T, K>>;
};

/** Options as the last argument. They are required where the constructor needs arguments. */
export type OptionsFor<C extends Constructor, O> =
  ConstructorParameters<C> extends infer A extends readonly unknown[]
    ? [] extends A
      ? [options?: O & { readonly constructorArgs?: A }]
      : [options: O & { readonly constructorArgs: A }]
    : never;
