import { tryRead } from '../errors/try-read.js';

/** What a message calls the function of a call. A timer asks, and must not throw, so the name is read with care. */
export function nameOfCallee(callee: object | undefined): string {
  const name = tryRead(() => (callee as { readonly name?: unknown } | undefined)?.name);
  return typeof name === 'string' && name !== '' ? name : 'A call';
}
