/** A class that can be instantiated. */
export type Constructor<T = unknown> = new (...args: never[]) => T;

type Method = (...args: never[]) => unknown;

/** The names of methods that take one item. */
export type ItemMethod<T> = { [K in keyof T]: T[K] extends (item: never) => unknown ? K : never }[keyof T] &
  string;

/** The names of all methods. */
export type MethodName<T> = { [K in keyof T]: T[K] extends Method ? K : never }[keyof T] & string;

type MemberOf<T, K> = K extends keyof T ? T[K] : never;

/** Any text; editors propose the names of methods that take one item. */
export type ItemMethodText<T> = ItemMethod<T> | (string & {});

/** Any text; editors propose the names of methods. */
export type MethodText<T> = MethodName<T> | (string & {});

/** The name of a method that takes one item. For another text, a sentence that the compiler prints. */
export type FittingItemMethod<T, K> =
  K extends ItemMethod<T> ? K : K extends string ? ItemMisfit<T, K> : never;

/** The name of a method. For another text, a sentence that the compiler prints. */
export type FittingMethod<T, K> = K extends MethodName<T> ? K : K extends string ? MethodMisfit<K> : never;

type MethodMisfit<K extends string> = `${K} is no method of this class: write the name of one`;

type ItemMisfit<T, K extends string> = K extends keyof T
  ? `${K} is no method that takes one item: write the name of one that does`
  : `${K} is no method of this class: write the name of one that takes one item`;

/** The item that a method takes: its first argument. */
export type ItemOf<T, K> =
  MemberOf<T, K> extends (...args: infer A) => unknown
    ? A extends readonly [infer Item, ...unknown[]]
      ? Item
      : A extends readonly [(infer Item)?, ...unknown[]]
        ? Item | undefined
        : unknown
    : never;

export type ArgumentsOf<T, K> = MemberOf<T, K> extends (...args: infer A) => unknown ? A : never;

/** The result of a method, awaited. */
export type ResultOf<T, K> = MemberOf<T, K> extends (...args: never[]) => infer R ? Awaited<R> : never;

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

/** The arguments after class and method. Without the options that a class needs, the compiler prints a sentence. */
export type RestFor<C extends Constructor, Input, O> =
  ConstructorParameters<C> extends infer A extends readonly unknown[]
    ? [] extends A
      ? [input: Input, options?: O & { readonly constructorArgs?: A }]
      : | [input: Input, options: O & { readonly constructorArgs: A }]
        | [input: 'the constructor needs arguments: write { constructorArgs: […] } as the last argument']
    : never;
