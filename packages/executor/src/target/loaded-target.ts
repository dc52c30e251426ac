import { TargetError } from '../errors.js';
import type { Owner, Target } from '../protocol/address.js';
import { markOf, type ParallelOptions } from './parallel-mark.js';
import type { Registration } from './registrations.js';
import type { ThreadInstances } from './thread-instances.js';

type Method = (...args: readonly unknown[]) => unknown;

/** A method with its instance in this thread, or a function. */
export class LoadedTarget {
  readonly #self: unknown;
  readonly #method: Method;
  readonly #options: ParallelOptions;

  constructor(self: unknown, method: Method, options: ParallelOptions) {
    this.#self = self;
    this.#method = method;
    this.#options = options;
  }

  call(args: readonly unknown[]): unknown {
    return Reflect.apply(this.#method, this.#self, args);
  }

  /** The same with one argument. */
  callWith(item: unknown): unknown {
    return this.#method.call(this.#self, item);
  }

  transferOf(result: unknown): readonly ArrayBuffer[] {
    return (this.#options.transfer?.(result as never) ?? []) as readonly ArrayBuffer[];
  }
}

/** A class or function as this thread has found it. A class that is exported and not marked has no options. */
export type FoundOwner = Pick<Registration, 'owner' | 'options' | 'self'>;

/**
 * Binds a method to the instance that this thread has for a class and its arguments, and makes the instance if there is none yet.
 *
 * @param number the number of the instance
 * @throws TargetError
 */
export async function bindTarget(
  { owner, options, self }: FoundOwner,
  target: Target,
  number: number,
  constructorArgs: readonly unknown[],
  instances: ThreadInstances,
): Promise<LoadedTarget> {
  switch (target.kind) {
    case 'function':
      return new LoadedTarget(self?.current, owner as Method, options);
    case 'static':
      return bound(owner, target, options);
    case 'method': {
      const make = (): Promise<object> => makeInstance(owner, target, options, constructorArgs);
      return bound(await instances.get(number, make), target, options);
    }
  }
}

function bound(self: object, { method, name }: Target, options: ParallelOptions): LoadedTarget {
  const fn: unknown = (self as Record<string, unknown>)[method];
  if (typeof fn !== 'function') {
    throw new TargetError(`${name} is no method of the ${typeof self === 'function' ? 'class' : 'instance'}`);
  }
  return new LoadedTarget(self, fn as Method, { ...options, ...markOf(fn)?.options });
}

async function makeInstance(
  owner: Owner,
  target: Target,
  { create }: ParallelOptions,
  constructorArgs: readonly unknown[],
): Promise<object> {
  let instance: unknown;
  try {
    instance = await (create === undefined ? Reflect.construct(owner as never, constructorArgs) : create());
  } catch (cause) {
    throw new TargetError(
      `${target.name}: could not make a ${owner.name}: ${String(cause)}. ` +
        'Give constructorArgs, or @Parallel({ create: () => … })',
      { cause },
    );
  }
  if (typeof instance === 'object' && instance !== null) return instance;
  throw new TargetError(
    `${target.name}: create has to return the instance, and returned ${String(instance)}`,
  );
}
