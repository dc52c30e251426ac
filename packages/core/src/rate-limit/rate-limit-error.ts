import { quoteKey } from '../errors/quote-key.js';
import { RefusalError } from '../errors/refusal-error.js';
import { brandOf, markError } from '../errors/switchgear-error.js';
import { formatDuration } from '../time/duration.js';

/** Why a rate limit refused a call. */
export type RateLimitRefusal = 'limit' | 'hold';

export interface RateLimitErrorData {
  readonly key: string;
  readonly reason: RateLimitRefusal;
  readonly limit: number;
  /** In ms. */
  readonly per: number;
  /** Milliseconds until the slot that the call would have had. */
  readonly retryAfter: number;
}

/**
 * A rate limit refused the call. The function was not called.
 *
 * @example
 * catch (error) {
 *   if (isRateLimitError(error)) return reply.status(503).header('retry-after', Math.ceil(error.retryAfter / 1_000));
 *   throw error;
 * }
 */
export class RateLimitError extends RefusalError {
  static {
    markError(this, { name: 'RateLimitError', code: 'ERR_RATE_LIMIT', refusal: true });
  }

  declare readonly name: 'RateLimitError';
  readonly code = 'ERR_RATE_LIMIT';
  readonly key: string;
  /** `'limit'`: other calls have taken the slots before. `'hold'`: the dependency has said when to come again. */
  readonly reason: RateLimitRefusal;
  readonly limit: number;
  /** In ms. */
  readonly per: number;
  /** Milliseconds until the slot that the call would have had, if it had waited. */
  readonly retryAfter: number;

  constructor(data: RateLimitErrorData, options?: { readonly frames?: boolean }) {
    super(messageOf(data), undefined, options?.frames !== false);
    this.key = data.key;
    this.reason = data.reason;
    this.limit = data.limit;
    this.per = data.per;
    this.retryAfter = data.retryAfter;
  }

  get policy(): 'rate-limit' {
    return 'rate-limit';
  }
}

export function isRateLimitError(error: unknown): error is RateLimitError {
  return brandOf(error) === 'ERR_RATE_LIMIT';
}

function messageOf({ key, reason, limit, per, retryAfter }: RateLimitErrorData): string {
  const next = `the next slot is in ${formatDuration(Math.ceil(retryAfter))}`;
  return reason === 'hold'
    ? `Rate limit ${quoteKey(key)} holds calls, as the dependency has asked: ${next}`
    : `Rate limit ${quoteKey(key)} of ${limit} in ${formatDuration(per)} is used up: ${next}`;
}
