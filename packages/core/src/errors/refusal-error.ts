import { isRefusalMark, SwitchgearError } from './switchgear-error.js';

/**
 * A policy refused a call. The function did not run, so it had no effect. The base of the refusals of all policies.
 *
 * @example
 * if (isRefusal(error)) return reply.status(503).header('retry-after', Math.ceil((error.retryAfter ?? 1_000) / 1_000));
 */
export abstract class RefusalError extends SwitchgearError {
  /** The kind of the policy that refused, such as `'circuit-breaker'`. */
  abstract readonly policy: string;
  /** The name of the policy; where it was given none, a name for messages only. */
  abstract readonly key: string;
  /** Milliseconds until a call may be admitted; undefined where an operator decides. */
  abstract readonly retryAfter: number | undefined;

  /** Whether a call may be admitted before `retryAfter` has passed: then `retryAfter` is the latest moment. */
  get mayComeEarlier(): boolean {
    return false;
  }
}

/**
 * Whether a policy refused to call the function at all, such as an open circuit. The function did not run, so it had no
 * effect.
 */
export function isRefusal(error: unknown): error is RefusalError {
  return isRefusalMark(error);
}
