const resolved = Promise.resolve();

/**
 * A promise that rejects a moment later, when the caller has had time to await it: one that is rejected before costs
 * Node's bookkeeping of unhandled rejections, twice as much as all the rest. One that nobody awaits is reported as ever.
 */
export function rejectSoon(error: unknown): Promise<never> {
  return new Promise((_, reject) => {
    void resolved.then(() => reject(error as Error));
  });
}
