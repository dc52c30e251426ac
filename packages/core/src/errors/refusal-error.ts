import { isRefusalMark, SwitchgearError } from './switchgear-error.js';

/**
 * A policy refused a call: nothing was called, so nothing can have had an effect. The base of the refusals of all policies.
 *
 * @example
 * if (isRefusal(error)) return reply.status(503).header('retry-after', Math.ceil((error.retryAfter ?? 1_000) / 1_000));
 */
export abstract class RefusalError extends SwitchgearError {
  /** The kind of the policy that refused, such as `'circuit-breaker'`. */
  abstract readonly policy: string;
  /** The name that the policy goes by; a name for messages only where it was given none. */
  abstract readonly key: string;
  /** Milliseconds until a call may be admitted; undefined where no time is known, because that is up to an operator. */
  abstract readonly retryAfter: number | undefined;

  /** Whether `retryAfter` is only the latest moment: a place may come free before. */
  get mayComeEarlier(): boolean {
    return false;
  }
}

/**
 * True when a policy refused to call the method at all (an open circuit, a full bulkhead, a rate limit), so that
 * nothing was tried and nothing can have had an effect.
 */
export function isRefusal(error: unknown): error is RefusalError {
  return isRefusalMark(error);
}
