import { isNestedExecutorError, TargetError } from '../errors.js';
import type { Class, Target } from '../protocol/address.js';
import type { ToWorker } from '../protocol/messages.js';
import { digestOf } from '../target/digest.js';
import { bindTarget, type FoundOwner, type LoadedTarget } from '../target/loaded-target.js';
import { baseName } from '../target/mark-site.js';
import { markOf } from '../target/parallel-mark.js';
import { registeredAt } from '../target/registrations.js';
import type { ThreadInstances } from '../target/thread-instances.js';
import { assertOne } from '../target/unambiguous.js';
import { loadInWorker } from './nesting.js';
import { cureFor } from './unloadable.js';

/** Finds the class or function of a target, and makes its instance unless there is one. */
export async function loadTarget(
  { target, instance: number, constructorArgs }: Extract<ToWorker, { kind: 'target' }>,
  instances: ThreadInstances,
  findOwner: (target: Target) => Promise<FoundOwner>,
): Promise<LoadedTarget> {
  return bindTarget(await findOwner(target), target, number, constructorArgs, instances);
}

/** Loads the module of a class or function in this worker, and finds it there: the only one at its address, of the same text. */
export async function loadOwner(target: Target): Promise<FoundOwner> {
  const { address, kind, name } = target;
  const exports = await loadModule(target);
  if (address.place === undefined) return exportedClass(exports, target);
  assertOne(target);
  const registration = registeredAt(address).at(0);
  if (registration !== undefined) return registration;
  throw new TargetError(
    `${name}: the worker loaded ${baseName(address.module)} and did not find this ${kind === 'function' ? 'function' : 'class'} there: ` +
      'it is marked only in the main thread, or made after the module has loaded. ' +
      'If a function in another module applies the mark for you, give it the module: { module: import.meta.url }',
  );
}

async function loadModule({ address: { module, isRequired }, name }: Target): Promise<object> {
  try {
    return await loadInWorker(module, isRequired);
  } catch (cause) {
    if (isNestedExecutorError(cause)) throw cause;
    throw new TargetError(`${name}: the worker could not load ${module}: ${String(cause)}${cureFor(cause)}`, {
      cause,
    });
  }
}

/** The exported class of the same name, method and text. A CommonJS module has its exports in `default`. */
function exportedClass(exports: object, target: Target): FoundOwner {
  const { name, method, address } = target;
  const { default: whole } = exports as { readonly default?: unknown };
  const inDefault: readonly unknown[] =
    typeof whole === 'object' && whole !== null ? Object.values(whole) : [];
  const all = new Set<unknown>([exports, ...Object.values<unknown>(exports as never), ...inDefault]);
  const found = [...all].filter((one): one is Class => isSame(one, target));
  if (found.length === 1) return { owner: found[0], options: {} };
  const file = baseName(address.module);
  const what =
    found.length > 1
      ? `${file} exports ${found.length} classes ${address.ownerName} of one text, and a worker cannot tell them apart`
      : `the worker loaded ${file} and found no class ${address.ownerName} with a marked method ${method} among its exports`;
  throw new TargetError(`${name}: ${what}. Export the class, or put @Parallel() on it`);
}

function isSame(one: unknown, { address, method }: Target): boolean {
  if (typeof one !== 'function' || one.name !== address.ownerName) return false;
  const prototype = one.prototype as Record<string, unknown> | undefined;
  return markOf(prototype?.[method]) !== undefined && digestOf(one as Class) === address.digest;
}
