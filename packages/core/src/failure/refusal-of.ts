import { isObject } from '../errors/object-shape.js';
import type { RefusalError } from '../errors/refusal-error.js';
import { chainOf, refusalIn } from './chain.js';

/**
 * The refusal that an error is, is caused by however far down, or of which alone its list of errors consists; undefined
 * where there is none. Never throws.
 */
export function refusalOf(error: unknown): RefusalError | undefined {
  if (!isObject(error)) return undefined;
  try {
    return refusalIn(chainOf(error)) as RefusalError | undefined;
  } catch {
    return undefined;
  }
}
