// Imported before anything else.
globalThis.preloaded = [...(globalThis.preloaded ?? []), 'first'];
