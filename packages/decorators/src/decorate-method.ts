import { compile, isObject } from '@switchgear/core/kit';
import './symbol-metadata.js';
import { type CircuitResolver, copyMetadata, setCircuit } from './metadata.js';
import { isContext, misplaced } from './misuse.js';
import { siteOf } from './site.js';

type AnyFunction = (this: never, ...args: never[]) => unknown;

/** A method that is being decorated, in either mode. */
export interface DecoratedMethod {
  readonly fn: AnyFunction;
  /** The name of a private method begins with `#`. */
  readonly name: string | symbol;
  readonly isStatic: boolean;
  /** The class; in standard mode undefined until the class is complete. */
  owner: Class | undefined;
  /** The metadata object of the class; only in standard mode, and if the compiler implements metadata. */
  readonly metadata: object | undefined;
  /** Calls `callback` with each instance, or with the class of a static method; only in standard mode. */
  readonly onInstance: ((callback: (self: unknown) => void) => void) | undefined;
  /** The line of code that decorates it. */
  readonly site: string;
}

export type Class = abstract new (...args: never[]) => unknown;

/** One policy around a method. */
export interface Layer {
  readonly wrapper: AnyFunction;
  /** Resolves the circuit of the method, if the policy is a circuit breaker. */
  readonly circuit?: CircuitResolver;
}

/** A decorator of methods in either mode. The second argument is a context in standard mode only. */
export type EitherDecorator = (target?: unknown, context?: unknown, descriptor?: unknown) => unknown;

/**
 * Makes a decorator of methods, for standard and legacy mode. The wrapper gets all metadata and properties of the method.
 *
 * @param name the decorator as it is written, for messages
 * @param wrap makes the wrapper, with the name and length of the method
 */
export function decorateMethod(name: string, wrap: (method: DecoratedMethod) => Layer): EitherDecorator {
  return function decorate(target, context, descriptor) {
    const site = siteOf(decorate);
    if (isContext(context)) {
      if (context.kind !== 'method') throw misplaced(name, MEMBERS[context.kind], context.name);
      const methodContext = context as Partial<ClassMethodDecoratorContext>;
      return layer({
        fn: target as AnyFunction,
        name: context.name,
        isStatic: methodContext.static === true,
        owner: undefined,
        metadata: methodContext.metadata,
        onInstance: (callback) =>
          methodContext.addInitializer?.(function (this: unknown) {
            callback(this);
          }),
        site,
      });
    }
    const member = context as string | symbol | undefined;
    if (typeof descriptor === 'number') throw misplaced(name, 'a parameter', member ?? 'constructor');
    if (member === undefined) throw misplaced(name, 'a class', (target as Class).name);
    if (!isObject(descriptor)) throw misplaced(name, 'a field', member);
    const { value } = descriptor as { readonly value: unknown };
    if (typeof value !== 'function') throw misplaced(name, legacyMemberOf(descriptor), member);
    const isStatic = typeof target === 'function';
    const owner = (isStatic ? target : (target as { readonly constructor: unknown }).constructor) as Class;
    const fn = value as AnyFunction;
    return {
      ...descriptor,
      value: layer({ fn, name: member, isStatic, owner, metadata: undefined, onInstance: undefined, site }),
    };
  };

  function layer(method: DecoratedMethod): AnyFunction {
    const { wrapper: guarded, circuit } = wrap(method);
    const wrapper = compile(guarded);
    copyProperties(method.fn, wrapper);
    copyMetadata(method.fn, wrapper);
    if (circuit !== undefined) setCircuit(wrapper, circuit);
    return wrapper;
  }
}

const MEMBERS = {
  class: 'a class',
  field: 'a field',
  getter: 'a getter',
  setter: 'a setter',
  accessor: 'an accessor',
} as const;

/** The kind of a member that is no method, by its descriptor in legacy mode. */
function legacyMemberOf(descriptor: object): 'a field' | 'a getter' | 'a setter' {
  if ((descriptor as { readonly get?: unknown }).get !== undefined) return 'a getter';
  return (descriptor as { readonly set?: unknown }).set === undefined ? 'a field' : 'a setter';
}

/** Copies the properties that other libraries have written on the function itself. */
function copyProperties(from: AnyFunction, to: AnyFunction): void {
  for (const key of Reflect.ownKeys(from)) {
    const descriptor = Object.getOwnPropertyDescriptor(from, key);
    if (descriptor !== undefined && !Object.hasOwn(to, key)) Object.defineProperty(to, key, descriptor);
  }
}
