import { isNestedExecutorError, TargetError } from '../errors.js';
import type { Class, Target } from '../protocol/address.js';
import type { ToWorker } from '../protocol/messages.js';
import type { LoadedTarget } from '../target/loaded-target.js';
import { bindTarget } from '../target/loaded-target.js';
import { markOf } from '../target/parallel-mark.js';
import { classAt } from '../target/registrations.js';
import { importInWorker } from './nesting.js';

/** Finds the class of a target, and makes its instance unless there is one. */
export async function loadTarget(
  { target, instance: number, constructorArgs }: Extract<ToWorker, { kind: 'target' }>,
  instances: Map<number, unknown>,
  resolveClass: (target: Target) => Promise<Class>,
): Promise<LoadedTarget> {
  return bindTarget(await resolveClass(target), target, number, constructorArgs, instances);
}

/** Imports the module of a class in this worker, and finds the class. */
export async function loadClass(target: Target): Promise<Class> {
  const { address } = target;
  const exports = await importModule(address.module, target);
  const owner =
    classAt(address) ?? (address.ordinal === undefined ? exportedClass(exports, target) : undefined);
  if (owner !== undefined) return owner;
  throw new TargetError(
    `${target.name}: the worker found no class ${address.className} in ${address.module}. ` +
      (address.ordinal === undefined
        ? 'Export the class, or put @Parallel() on it'
        : 'If a function in another module applies @Parallel for you, give it the module: { module: import.meta.url }'),
  );
}

async function importModule(module: string, target: Target): Promise<object> {
  try {
    return await importInWorker(module);
  } catch (cause) {
    if (isNestedExecutorError(cause)) throw cause;
    throw new TargetError(`${target.name}: the worker could not load ${module}: ${String(cause)}`, { cause });
  }
}

/** Finds an exported class by its name and its marked method. A CommonJS module has its exports in `default`. */
function exportedClass(exports: object, { address, method }: Target): Class | undefined {
  const { default: whole } = exports as { readonly default?: unknown };
  const inDefault: readonly unknown[] =
    typeof whole === 'object' && whole !== null ? Object.values(whole) : [];
  const all: readonly unknown[] = [...Object.values<unknown>(exports as never), ...inDefault];
  const classes = all.filter((one): one is Class => typeof one === 'function');
  return classes.find((one) => {
    const prototype = one.prototype as Record<string, unknown> | undefined;
    return one.name === address.className && markOf(prototype?.[method]) !== undefined;
  });
}
