(globalThis.preloads ??= []).push('r');
