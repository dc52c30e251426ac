(globalThis.preloads ??= []).push('o');
