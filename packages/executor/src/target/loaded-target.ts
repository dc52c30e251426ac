import { isThenable } from '@switchgear/core/kit';
import { TargetError } from '../errors.js';
import type { Class, Target } from '../protocol/address.js';
import { markOf, type ParallelOptions } from './parallel-mark.js';
import { registrationOf } from './registrations.js';

/** A method with its instance in this thread. */
export class LoadedTarget {
  readonly #instance: object;
  readonly #method: (...args: readonly unknown[]) => unknown;
  readonly #options: ParallelOptions;

  constructor(instance: object, name: string, options: ParallelOptions) {
    this.#instance = instance;
    this.#method = (instance as Record<string, (...args: readonly unknown[]) => unknown>)[name];
    this.#options = options;
  }

  call(args: readonly unknown[]): unknown {
    return Reflect.apply(this.#method, this.#instance, args);
  }

  /** The same with one argument. */
  callWith(item: unknown): unknown {
    return this.#method.call(this.#instance, item);
  }

  transferOf(result: unknown): readonly ArrayBuffer[] {
    return (this.#options.transfer?.(result as never) ?? []) as readonly ArrayBuffer[];
  }
}

/** Binds a method to the instance that this thread has for a class and its arguments, and makes the instance if there is none yet. */
export function bindTarget(
  owner: Class,
  target: Target,
  number: number,
  constructorArgs: readonly unknown[],
  instances: Map<number, unknown>,
): LoadedTarget {
  const { options } = registrationOf(owner) ?? { options: {} };
  if (!instances.has(number)) instances.set(number, makeInstance(owner, target, options, constructorArgs));
  const instance = instances.get(number) as object;
  const method: unknown = (instance as Record<string, unknown>)[target.method];
  if (typeof method !== 'function') throw new TargetError(`${target.name} is no method of the instance`);
  return new LoadedTarget(instance, target.method, { ...options, ...markOf(method)?.options });
}

function makeInstance(
  owner: Class,
  target: Target,
  { create }: ParallelOptions,
  constructorArgs: readonly unknown[],
): object {
  let instance: unknown;
  try {
    instance = create === undefined ? Reflect.construct(owner as never, constructorArgs) : create();
  } catch (cause) {
    throw new TargetError(
      `${target.name}: could not make a ${owner.name}: ${String(cause)}. ` +
        'Give constructorArgs, or @Parallel({ create: () => … })',
      { cause },
    );
  }
  if (typeof instance === 'object' && instance !== null && !isThenable(instance)) return instance;
  const what = isThenable(instance) ? 'a promise' : String(instance);
  throw new TargetError(`${target.name}: create has to return the instance, and returned ${what}`);
}
