const resolved = Promise.resolve();

/**
 * Returns a promise that rejects one microtask later, when the caller has had time to await it.
 *
 * A promise that is rejected before it is awaited goes through Node's list of unhandled rejections, which costs twice as
 * much as the rest of a refusal. A promise that is never awaited is reported as unhandled all the same.
 */
export function rejectSoon(error: unknown): Promise<never> {
  return new Promise((_, reject) => {
    void resolved.then(() => reject(error as Error));
  });
}
