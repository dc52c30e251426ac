import { tryRead } from '../errors/try-read.js';
import { chainOf } from '../failure/chain.js';
import { threadSingleton } from '../process/thread-singleton.js';

/** Errors that end every retry, with what their calls reject with. */
const stops = threadSingleton('stop-retrying', () => new WeakMap<object, { readonly thrown: unknown }>());

/**
 * Marks an error as one that no further attempt can mend. Throw what it returns: whatever the policy says, the retry ends at
 * once, and so do other retries around it. The call rejects with the error itself.
 *
 * The mark stays on the object, so give it an error that was made for this one failure. An error that has a marked one among
 * its causes ends the retry as well.
 *
 * @returns the same error; for what is no object an error that carries it, and the call rejects with what it carries
 * @example
 * const load = withRetry()(async (id: string) => {
 *   const response = await fetch(`${url}/${id}`);
 *   if (response.status === 410) throw stopRetrying(new Error(`${id} is gone`));
 *   return response.json();
 * });
 */
export function stopRetrying<E extends object>(error: E): E;
export function stopRetrying(error: unknown): Error;
export function stopRetrying(error: unknown): object {
  if ((typeof error === 'object' && error !== null) || typeof error === 'function') {
    stops.set(error, { thrown: error });
    return error;
  }
  const carrier = new Error(String(error), { cause: error });
  stops.set(carrier, { thrown: error });
  return carrier;
}

/** What a call that threw this rejects with, if that ends every retry. Never throws. */
export function stopOf(error: unknown): { readonly thrown: unknown } | undefined {
  if ((typeof error !== 'object' || error === null) && typeof error !== 'function') return undefined;
  const own = stops.get(error);
  if (own !== undefined) return own;
  return tryRead(() => chainOf(error).some((cause) => stops.has(cause))) === true
    ? { thrown: error }
    : undefined;
}
