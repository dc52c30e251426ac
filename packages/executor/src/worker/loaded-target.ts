import { isNestedExecutorError, TargetError } from '../errors.js';
import { markOf, type ParallelOptions } from '../parallel.js';
import type { Target, ToWorker } from '../protocol.js';
import { load } from '../loading.js';
import { type Class, classAt, registrationOf } from '../registrations.js';
import { isThenable } from '../thenable.js';

/** A method of an instance in this thread. */
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

  /** The same for the one argument of an item. */
  callWith(item: unknown): unknown {
    return this.#method.call(this.#instance, item);
  }

  transferOf(result: unknown): readonly ArrayBuffer[] {
    return (this.#options.transfer?.(result as never) ?? []) as readonly ArrayBuffer[];
  }
}

/** Finds a target's class and makes the instance, unless there is one. */
export async function loadTarget(
  { target, instance: number, constructorArgs }: Extract<ToWorker, { kind: 'target' }>,
  instances: Map<number, unknown>,
  findClass: (target: Target) => Promise<Class>,
): Promise<LoadedTarget> {
  return targetOf(await findClass(target), target, number, constructorArgs, instances);
}

/** A method of the one instance that this thread has for a class and its arguments. */
export function targetOf(
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

/** Finds a class in this thread, which is a worker. */
export async function loadClass(target: Target): Promise<Class> {
  const { address } = target;
  const exported = await importModule(address.module, target);
  const found =
    classAt(address) ?? (address.ordinal === undefined ? exportedClass(exported, target) : undefined);
  if (found !== undefined) return found;
  throw new TargetError(
    `${target.name}: the worker found no class ${address.className} in ${address.module}. ` +
      (address.ordinal === undefined
        ? 'Export the class, or put @Parallel() on it'
        : 'If a function in another module applies @Parallel for you, give it the module: { module: import.meta.url }'),
  );
}

async function importModule(module: string, target: Target): Promise<object> {
  try {
    return await load(module);
  } catch (cause) {
    if (isNestedExecutorError(cause)) throw cause;
    throw new TargetError(`${target.name}: the worker could not load ${module}: ${String(cause)}`, { cause });
  }
}

/** By its name, or by a method that is marked; a module of CommonJS has its exports in `default`. */
function exportedClass(exported: object, { address, method }: Target): Class | undefined {
  const { default: whole } = exported as { readonly default?: unknown };
  const inDefault: readonly unknown[] =
    typeof whole === 'object' && whole !== null ? Object.values(whole) : [];
  const all: readonly unknown[] = [...Object.values<unknown>(exported as never), ...inDefault];
  const classes = all.filter((one): one is Class => typeof one === 'function');
  return classes.find((one) => {
    const prototype = one.prototype as Record<string, unknown> | undefined;
    return one.name === address.className && markOf(prototype?.[method]) !== undefined;
  });
}

function makeInstance(
  owner: Class,
  target: Target,
  { create }: ParallelOptions,
  constructorArgs: readonly unknown[],
): object {
  let made: unknown;
  try {
    made = create === undefined ? Reflect.construct(owner as never, constructorArgs) : create();
  } catch (cause) {
    throw new TargetError(
      `${target.name}: could not make a ${owner.name}: ${String(cause)}. ` +
        'Give constructorArgs, or @Parallel({ create: () => … })',
      { cause },
    );
  }
  if (typeof made === 'object' && made !== null && !isThenable(made)) return made;
  const what = isThenable(made) ? 'a promise' : String(made);
  throw new TargetError(`${target.name}: create has to return the instance, and returned ${what}`);
}
