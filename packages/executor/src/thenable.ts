export function isThenable(value: unknown): value is PromiseLike<unknown> {
  // Asked first: most values are none, and a look at a property of a number is slow.
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return typeof (value as { readonly then?: unknown }).then === 'function';
}
