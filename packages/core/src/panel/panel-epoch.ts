import { threadSingleton } from '../process/thread-singleton.js';

/** How many times all circuits were relocated to another panel. After a change, circuits have to be resolved again. */
export const panelEpoch: { count: number } = threadSingleton('panel epoch', () => ({ count: 0 }));

/** Resolves what lives in a panel at the first call, and again when it was moved to another panel. */
export function oncePerPanel<T>(resolve: () => T): () => T {
  let resolved: { readonly value: T; readonly at: number } | undefined;
  return () => {
    if (resolved?.at !== panelEpoch.count) resolved = { value: resolve(), at: panelEpoch.count };
    return resolved.value;
  };
}
