/**
 * What there is one of in a thread, whichever copy of this package asks: two versions in one tree, or its ESM and CJS
 * builds, share it through a registered symbol.
 *
 * The symbol carries the number of the shapes that live here; a release that changes one of them counts it up.
 */
const SHAPES = Symbol.for('@switchgear/core/2');

interface Holder {
  [SHAPES]?: Map<string, unknown> | undefined;
}

export function threadSingleton<T>(name: string, make: () => T): T {
  const holder = globalThis as Holder;
  const all = (holder[SHAPES] ??= new Map());
  if (!all.has(name)) all.set(name, make());
  return all.get(name) as T;
}
