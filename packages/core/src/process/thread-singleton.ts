/**
 * The key of the thread's singletons on `globalThis`.
 *
 * It is a registered symbol, so that all copies of this package (two versions, or the ESM and CJS builds) share them. A
 * release that changes the shape of a singleton raises the number in the symbol.
 */
const SHAPES = Symbol.for('@switchgear/core/3');

interface Holder {
  [SHAPES]?: Map<string, unknown> | undefined;
}

/** The object that the thread has once under `name`, made by the first caller. */
export function threadSingleton<T>(name: string, make: () => T): T {
  const holder = globalThis as Holder;
  const all = (holder[SHAPES] ??= new Map());
  if (!all.has(name)) all.set(name, make());
  return all.get(name) as T;
}
