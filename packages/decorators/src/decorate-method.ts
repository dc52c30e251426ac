import './symbol-metadata.js';
import { type CircuitResolver, copyMetadata, setCircuit } from './metadata.js';
import { isContext, misplaced } from './misuse.js';
import { siteOf } from './site.js';

type AnyFunction = (this: never, ...args: never[]) => unknown;

/** A method that is being decorated, whatever the mode. */
export interface DecoratedMethod {
  readonly fn: AnyFunction;
  /** The name of a private method begins with `#`. */
  readonly name: string | symbol;
  readonly isStatic: boolean;
  /** The class; in standard mode it is not known before it is complete. */
  owner: Class | undefined;
  /** What stands for the class until it is complete: in standard mode, if the compiler knows of it. */
  readonly metadata: object | undefined;
  /** Calls back with each instance, or with the class of a static method; in standard mode, if the compiler knows of it. */
  readonly onInstance: ((tell: (self: unknown) => void) => void) | undefined;
  /** The line of code that decorates it. */
  readonly site: string;
}

export type Class = abstract new (...args: never[]) => unknown;

/** One policy around a method. */
export interface Layer {
  readonly wrapper: AnyFunction;
  /** How the method's circuit is resolved, if the policy is one. */
  readonly circuit?: CircuitResolver;
}

/** Decorates a method in either mode: the second argument tells which it is. */
export type EitherDecorator = (target?: unknown, context?: unknown, descriptor?: unknown) => unknown;

/**
 * A decorator of methods, standard and legacy.
 *
 * The wrapper keeps all that is on the method: every piece of metadata, and its properties.
 *
 * @param name as it is written, for messages
 * @param wrap makes the wrapper, with the name and length of the method
 */
export function decorateMethod(name: string, wrap: (method: DecoratedMethod) => Layer): EitherDecorator {
  return function decorate(target, context, descriptor) {
    const site = siteOf(decorate);
    if (isContext(context)) {
      if (context.kind !== 'method') throw misplaced(name, PLACES[context.kind], context.name);
      const given = context as Partial<ClassMethodDecoratorContext>;
      return layer({
        fn: target as AnyFunction,
        name: context.name,
        isStatic: given.static === true,
        owner: undefined,
        metadata: given.metadata,
        onInstance: (tell) =>
          given.addInitializer?.(function (this: unknown) {
            tell(this);
          }),
        site,
      });
    }
    const member = context as string | symbol | undefined;
    if (typeof descriptor === 'number') throw misplaced(name, 'a parameter', member ?? 'constructor');
    if (member === undefined) throw misplaced(name, 'a class', (target as Class).name);
    if (typeof descriptor !== 'object' || descriptor === null) throw misplaced(name, 'a field', member);
    const { value } = descriptor as { readonly value: unknown };
    if (typeof value !== 'function') throw misplaced(name, placeOf(descriptor), member);
    const isStatic = typeof target === 'function';
    const owner = (isStatic ? target : (target as { readonly constructor: unknown }).constructor) as Class;
    const fn = value as AnyFunction;
    return {
      ...descriptor,
      value: layer({ fn, name: member, isStatic, owner, metadata: undefined, onInstance: undefined, site }),
    };
  };

  function layer(method: DecoratedMethod): AnyFunction {
    const { wrapper, circuit } = wrap(method);
    copyProperties(method.fn, wrapper);
    copyMetadata(method.fn, wrapper);
    if (circuit !== undefined) setCircuit(wrapper, circuit);
    return wrapper;
  }
}

const PLACES = {
  class: 'a class',
  field: 'a field',
  getter: 'a getter',
  setter: 'a setter',
  accessor: 'an accessor',
} as const;

/** What it is in legacy mode that is no method. */
function placeOf(descriptor: object): 'a field' | 'a getter' | 'a setter' {
  if ((descriptor as { readonly get?: unknown }).get !== undefined) return 'a getter';
  return (descriptor as { readonly set?: unknown }).set === undefined ? 'a field' : 'a setter';
}

/** Some libraries write on the function itself. */
function copyProperties(from: AnyFunction, to: AnyFunction): void {
  for (const key of Reflect.ownKeys(from)) {
    const descriptor = Object.getOwnPropertyDescriptor(from, key);
    if (descriptor !== undefined && !Object.hasOwn(to, key)) Object.defineProperty(to, key, descriptor);
  }
}
