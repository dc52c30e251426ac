/** A method that returns an `R`. */
export type Method<R = unknown> = (this: never, ...args: never) => R;

/**
 * Decorates a method that returns an `R`, in either decorator mode. For anything else, the type of a parameter is a text
 * that says what is wrong, which the compiler prints.
 *
 * Only one of the two signatures applies, so that the compiler prints one error. In legacy mode, the empty rest parameter
 * keeps methods away from the first signature; classes and fields, which have one or two arguments, get their error from
 * it. In standard mode, the three required parameters keep all calls away from the second.
 *
 * @typeParam Name the name of the decorator, for messages
 * @typeParam C the class of the method in standard mode
 * @typeParam P the class of the method in legacy mode
 * @typeParam F the type of the method, from which a policy's functions get their types; default for a decorator that is
 * stored and used for several methods
 */
export interface MethodDecorator<
  Name extends string,
  R,
  C = unknown,
  P = unknown,
  F extends Method = Method,
> {
  <V, K>(
    value: K extends OtherKind
      ? DecoratorMisuse<Name, unknown>
      : V extends Method<R>
        ? V
        : DecoratorMisuse<Name, V, R>,
    // Checked again: without strictNullChecks, the `undefined` of a field is assignable to anything.
    context?: K extends OtherKind ? DecoratorMisuse<Name, unknown> : MemberContext<K, C, F>,
    ...none: []
  ): void;
  <V>(
    target: P,
    key: string | symbol,
    // No TypedPropertyDescriptor, which is invariant: a decorator that is stored and used for several methods would fit
    // none of them.
    descriptor: V extends Method<R>
      ? { readonly value?: V } & { readonly value?: F }
      : DecoratorMisuse<Name, V, R>,
  ): void;
}

/**
 * Decorates a method that returns an `R`, as {@link MethodDecorator} does, and knows the method by its name, so that editors show two
 * names in place of the method's whole type.
 *
 * The conditions lower the priority of an inference: `O` and `K` are inferred from the second signature only in legacy mode, where the
 * first has nothing to infer them from.
 *
 * @typeParam O the class of the method, or the type of its instances
 * @typeParam K the name of the method; unknown for a decorator that is stored and used for several methods
 */
export interface NamedMethodDecorator<Name extends string, R, O = unknown, K = unknown> {
  <V, Kind>(
    value: Kind extends OtherKind
      ? DecoratorMisuse<Name, unknown>
      : V extends Method<R>
        ? V
        : DecoratorMisuse<Name, V, R>,
    context?: Kind extends OtherKind ? DecoratorMisuse<Name, unknown> : NamedContext<Kind, O, K>,
    ...none: []
  ): void;
  <V>(
    target: K extends NoName ? never : O,
    key: O extends NoName ? never : K,
    descriptor: V extends Method<R> ? { readonly value?: V } : DecoratorMisuse<Name, V>,
  ): void;
}

/** The part of a standard decorator's context that is used. */
export interface NamedContext<Kind, O, K> {
  readonly kind: Kind;
  readonly name: K;
  readonly access: { has(object: O): boolean };
}

/** What no class and no name is. */
interface NoName {
  readonly noName: never;
}

/**
 * A method by its name; never where the name is not known. A `private` method cannot be looked up by its name alone, but beside a public
 * member it can. A `#private` one has no name outside of its class: the parameters of a policy's functions have to be written with types.
 */
type MethodOf<O, K> = unknown extends K
  ? never
  : K extends `#${string}`
    ? (...args: never[]) => unknown
    : K extends PropertyKey
      ? (O & Record<K, unknown>)[K]
      : never;

/** The arguments of a method; never where the method is not known. */
export type ArgumentsOf<O, K> = MethodOf<O, K> extends (...args: infer A) => unknown ? A : never;

/** The result of a method; unknown where the method is not known. */
export type ResultOf<O, K> = [MethodOf<O, K>] extends [never]
  ? unknown
  : MethodOf<O, K> extends (...args: never) => infer R
    ? R
    : unknown;

type OtherKind = 'class' | 'field' | 'getter' | 'setter' | 'accessor';

/** The part of a standard decorator's context that is used. */
export interface MemberContext<K, C, F> {
  readonly kind: K;
  readonly access: { has(object: C): boolean; get(object: C): F };
}

/** The compiler's message about a member that cannot be decorated by what needs a method that returns an `R`. */
export type DecoratorMisuse<Name extends string, V, R = PromiseLike<unknown>> = V extends Method
  ? V extends Method<Stream>
    ? `@${Name} ${Name extends keyof StreamMisuse ? StreamMisuse[Name] : Needed<R>}`
    : `@${Name} ${Needed<R>}`
  : `@${Name} decorates methods only`;

type Needed<R> =
  AsyncIterable<unknown> extends R
    ? 'needs a method that returns a promise or a stream; make a sync method async'
    : 'needs a method that returns a promise; make a sync method async';

/** What is said of a method that returns a stream, where a decorator does not take it. */
interface StreamMisuse {
  readonly Retry: 'cannot retry a stream; retry what makes it';
  readonly Timeout: 'cannot bound a sync generator; make it async';
  readonly Deadline: 'cannot bound a sync generator; make it async';
  readonly 'RateLimit with maxWait': 'lets no stream wait; leave maxWait out';
  readonly 'Bulkhead with maxQueue': 'lets no stream wait; leave maxQueue out';
}

/** What a method returns whose caller waits: a promise, or a stream of items. */
export type Awaitable = PromiseLike<unknown> | AsyncIterable<unknown> | Subscribable;

/** An Observable, recognized by its shape. */
interface Subscribable {
  subscribe(...args: never[]): { unsubscribe(): void };
  forEach(next: (value: unknown) => void): PromiseLike<void>;
}

/** The result of a generator, async or not. */
type Stream =
  AsyncIterable<unknown> | AsyncIterator<unknown, unknown, never> | Iterator<unknown, unknown, never>;

// The types below are looked up by a condition, because TypeScript infers nothing from such a type. So the parameters of a
// policy's functions are compared with those of the method, and an error is reported at the function.

/** The class of the method. */
export type Owner<C, P> = { standard: C; legacy: P }[unknown extends C ? 'legacy' : 'standard'];

/** The arguments of a method; any arguments if the method is not known. */
export type Arguments<A extends readonly unknown[]> = { known: A; unknown: unknown[] }[[A] extends [never]
  ? 'unknown'
  : 'known'];

/** The value that a method which returns an `R` settles with; unknown for a stream, which has no result until its end. */
export type Result<R> = { value: Awaited<R>; stream: unknown }[R extends AsyncIterable<unknown>
  ? 'stream'
  : 'value'];
