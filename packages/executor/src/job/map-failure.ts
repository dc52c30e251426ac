/** Where a map failed, and what was there by then. */
export interface MapFailure {
  /** Which item failed, counted from 0. */
  readonly index: number;
  /** The results of those that were completed, by their index. */
  readonly completed: ReadonlyMap<number, unknown>;
}

// Beside the errors, not on them: what was thrown is rethrown as it was, and may be frozen.
const failures = new WeakMap<object, MapFailure>();

/**
 * Which item a map failed at, and what it had completed.
 *
 * @param error what the map rejected with
 * @returns undefined for what no map failed with, and for thrown values that are no objects
 * @example
 * catch (error) {
 *   console.error(`item ${mapFailureOf(error)?.index} failed`, error);
 * }
 */
export function mapFailureOf(error: unknown): MapFailure | undefined {
  return isObject(error) ? failures.get(error) : undefined;
}

export function rememberFailure(error: unknown, failure: MapFailure): void {
  if (isObject(error)) failures.set(error, failure);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
