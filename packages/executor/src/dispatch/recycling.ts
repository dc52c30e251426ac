/** When a worker is replaced by a new one; undefined for never. */
export interface Recycling {
  /** When its heap is this large, in MB. */
  readonly heap: number | undefined;
  /** When it has run this many items. */
  readonly items: number | undefined;
}

/**
 * Whether a worker is to be replaced.
 *
 * @param heap the size of its heap after its last chunk, in MB; undefined before the first one
 */
export function isDue(recycle: Recycling | undefined, ranCount: number, heap: number | undefined): boolean {
  if (recycle === undefined) return false;
  return ranCount >= (recycle.items ?? Infinity) || (heap ?? 0) >= (recycle.heap ?? Infinity);
}
