import { failureOf } from './failure-of.js';

/**
 * The HTTP status that an error carries, 300 to 599, in whatever way its client writes it: also as text, and on the
 * response or the cause. Undefined where there is none, and for an abort, onto which some clients write one. Never throws.
 */
export function statusOf(error: unknown): number | undefined {
  return failureOf(error).status;
}
