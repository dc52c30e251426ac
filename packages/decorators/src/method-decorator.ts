/** Any method that returns an `R`. */
export type Method<R = unknown> = (this: never, ...args: never) => R;

/**
 * Decorates a method that returns an `R`, in either decorator mode. For anything else a parameter becomes a text that says what
 * is wrong, and that the compiler prints.
 *
 * The two signatures never compete, so that an error is told once: the empty rest keeps the first from taking a method in
 * legacy mode, the three required parameters keep the second out of standard mode. In legacy mode the first is for what has
 * to be refused with one or two arguments: classes and fields.
 *
 * @typeParam Name of the decorator, for messages
 * @typeParam C whose method it is, as standard mode tells it
 * @typeParam P whose method it is, as legacy mode tells it
 * @typeParam F the method, for a policy's functions to be typed by; a decorator that is kept for several methods has the default
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
        : DecoratorMisuse<Name, V>,
    // Asked again, for without strictNullChecks a field's `undefined` is anything.
    context?: K extends OtherKind ? DecoratorMisuse<Name, unknown> : MemberContext<K, C, F>,
    ...none: []
  ): void;
  <V>(
    target: P,
    key: string | symbol,
    // Not a TypedPropertyDescriptor, which is invariant: a decorator that is kept for several methods would fit none.
    descriptor: V extends Method<R>
      ? { readonly value?: V } & { readonly value?: F }
      : DecoratorMisuse<Name, V>,
  ): void;
}

type OtherKind = 'class' | 'field' | 'getter' | 'setter' | 'accessor';

/** What is read of the context of standard mode. */
export interface MemberContext<K, C, F> {
  readonly kind: K;
  readonly access: { has(object: C): boolean; get(object: C): F };
}

/** What the compiler says of a member that cannot be decorated. */
export type DecoratorMisuse<Name extends string, V> = V extends Method
  ? V extends Method<Stream>
    ? `@${Name} cannot retry a stream; retry what makes it`
    : `@${Name} decorates methods that return a promise; make a sync method async`
  : `@${Name} decorates methods only`;

/** What a generator returns, async or not, or a method that passes one on. */
type Stream =
  AsyncIterable<unknown> | AsyncIterator<unknown, unknown, never> | Iterator<unknown, unknown, never>;

// Nothing is ever inferred from a type that is looked up by a condition. So what a policy's functions say of their parameters
// is compared with the method, and told where it is written, rather than taken for the method's.

/** Whose method it is. */
export type Owner<C, P> = { standard: C; legacy: P }[unknown extends C ? 'legacy' : 'standard'];

/** The arguments of a method; of one that is not known, anything. */
export type Arguments<A extends readonly unknown[]> = { known: A; unknown: unknown[] }[[A] extends [never]
  ? 'unknown'
  : 'known'];

/** What a method that returns an `R` settles with; a stream has no result until its end. */
export type Result<R> = { value: Awaited<R>; stream: unknown }[R extends AsyncIterable<unknown>
  ? 'stream'
  : 'value'];
