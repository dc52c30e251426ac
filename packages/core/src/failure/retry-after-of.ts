import { failureOf } from './failure-of.js';
import type { Epoch } from './moment.js';

/**
 * How long an error, a response or a result asks to be left alone, in ms: by `Retry-After` and the other headers that say
 * so, by gRPC's pushback, or by a field of an SDK. Undefined where there is nothing that can be understood; 0 for a date
 * that has passed. Never throws.
 *
 * @param source whatever was thrown or returned
 * @param epoch the wall clock in epoch ms, from which dates are counted
 */
export function retryAfterOf(source: unknown, epoch: Epoch): number | undefined {
  return failureOf(source, epoch).retryAfter;
}
