(globalThis.preloads ??= []).push('i');
