/** The item that a map failed with, and the results it had by then. */
export interface MapFailure {
  /** Which item failed, counted from 0; undefined where the executor was closed before all items had run. */
  readonly index: number | undefined;
  /** The results of those that were completed, by their index; of `mapSettled`, their outcomes. */
  readonly completed: ReadonlyMap<number, unknown>;
}

// In a map of their own: an error is rethrown as it was, and may be frozen.
const failures = new WeakMap<object, MapFailure>();

/**
 * The item that a map failed with, and the results it had by then.
 *
 * @param error what the map rejected with
 * @returns undefined if `error` is not the error of a failed map, or not an object
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
