/** A class that can be instantiated. */
export type Constructor<T = unknown> = new (...args: never[]) => T;

type Method = (...args: never[]) => unknown;

/** A function that takes one item. */
export type ItemFunction = (item: never) => unknown;

/** The names of methods that take one item. */
export type ItemMethod<T> = { [K in keyof T]: T[K] extends ItemFunction ? K : never }[keyof T] & string;

/** The names of all methods. */
export type MethodName<T> = { [K in keyof T]: T[K] extends Method ? K : never }[keyof T] & string;

/** The item that a method takes: its first argument. */
export type ItemOf<T, K extends keyof T> = FirstOf<T[K]>;

export type ArgumentsOf<T, K extends keyof T> = T[K] extends (...args: infer A) => unknown ? A : never;

/** The result of a method, awaited. */
export type ResultOf<T, K extends keyof T> = T[K] extends (...args: never[]) => infer R ? Awaited<R> : never;

/** The same class in other threads: each method returns a promise. */
export type Remote<T> = {
  readonly [K in keyof T as T[K] extends Method ? K : never]: (
    ...args: ArgumentsOf<T, K>
  ) => Promise<ResultOf<T, K>>;
};

type FirstOf<F> = F extends (...args: infer A) => unknown
  ? A extends readonly [infer Item, ...unknown[]]
    ? Item
    : A extends readonly [(infer Item)?, ...unknown[]]
      ? Item | undefined
      : unknown
  : never;

/** Options as the last argument. They are required where the constructor needs arguments that can be sent to a worker. */
export type OptionsFor<C extends Constructor, O> =
  ConstructorParameters<C> extends infer A extends readonly unknown[]
    ? [] extends A
      ? [options?: O & { readonly constructorArgs?: A }]
      : IsSendable<A> extends true
        ? [options: O & { readonly constructorArgs: A }]
        : [options?: O & { readonly constructorArgs?: A }]
    : never;

/**
 * Whether arguments can be cloned, as far as types tell. One that has methods, such as a service that is injected, cannot: only `create` can
 * make the instance, and the arguments are not asked for.
 */
type IsSendable<A extends readonly unknown[]> = true extends {
  [I in keyof A]: HasMethods<A[I]>;
}[number]
  ? false
  : true;

type HasMethods<T> = T extends Method
  ? true
  : T extends Plain
    ? never
    : T extends object
      ? { [K in keyof T]-?: T[K] extends Method ? true : never }[keyof T]
      : never;

/** What has methods and can be cloned. */
type Plain =
  | readonly unknown[]
  | Date
  | RegExp
  | Error
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ArrayBufferLike
  | ArrayBufferView;

/*
 * The executor's methods take a class and the name of one of its methods, or a function. One signature says both, since overloads would
 * answer a wrong argument with the errors of all of them.
 */

/** The names of the methods of a class that take one item; none for a function. */
export type ItemNames<C> = C extends Constructor<infer T> ? ItemMethod<T> : never;

/** The names of all methods of a class; none for a function. */
export type CallNames<C> = C extends Constructor<infer T> ? MethodName<T> : never;

/** What is called: the method of a class, or the function itself. */
type Called<C, K> = C extends Constructor<infer T> ? (K extends keyof T ? T[K] : never) : C;

export type CalledItem<C, K> = FirstOf<Called<C, K>>;

export type CalledResult<C, K> = Called<C, K> extends (...args: never[]) => infer R ? Awaited<R> : never;

export type CalledArguments<C, K> = Called<C, K> extends (...args: infer A) => unknown ? Readonly<A> : never;

/** Any text; editors propose the names of the methods of a class that take one item. */
export type ItemText<C> = ItemNames<C> | (string & {});

/** Any text; editors propose the names of the methods of a class. */
export type CallText<C> = CallNames<C> | (string & {});

/** The second argument: the name of a method that takes one item, or the items of a function. For another text, a sentence. */
export type NameOrItems<C, K, Input> =
  C extends Constructor<infer T> ? (K extends ItemMethod<T> ? K : ItemMisfit<T, K>) : Input;

/** The second argument: the name of a method, or the arguments of a function. For another text, a sentence. */
export type NameOrArguments<C, K, Input> =
  C extends Constructor<infer T> ? (K extends MethodName<T> ? K : MethodMisfit<K>) : Input;

type MethodMisfit<K> = K extends string ? `${K} is no method of this class: write the name of one` : never;

type ItemMisfit<T, K> = K extends string
  ? K extends keyof T
    ? `${K} is no method that takes one item: write the name of one that does`
    : `${K} is no method of this class: write the name of one that takes one item`
  : never;

/** The arguments after that. */
export type RestOf<C, Input, O> = C extends Constructor
  ? | [input: Input, ...options: OptionsFor<C, O>]
    | (OptionsFor<C, O> extends readonly [unknown]
        ? [input: 'the constructor needs arguments: write { constructorArgs: […] } as the last argument']
        : never)
  : [options?: O];
