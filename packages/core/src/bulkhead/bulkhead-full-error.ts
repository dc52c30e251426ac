import { quoteKey } from '../errors/quote-key.js';
import { RefusalError } from '../errors/refusal-error.js';
import { brandOf, markError } from '../errors/switchgear-error.js';
import { formatDuration } from '../time/duration.js';

/** Why a bulkhead refused a call. */
export type BulkheadRefusal = 'full' | 'queue-timeout';

export interface BulkheadFullErrorData {
  readonly key: string;
  readonly reason: BulkheadRefusal;
  readonly maxConcurrent: number;
  readonly maxQueue: number;
  /** How long the call has waited, in ms. */
  readonly waited?: number | undefined;
}

/**
 * A bulkhead refused the call. The function was not called.
 *
 * @example
 * catch (error) {
 *   if (isBulkheadFullError(error)) return reply.status(503).send();
 *   throw error;
 * }
 */
export class BulkheadFullError extends RefusalError {
  static {
    markError(this, { name: 'BulkheadFullError', code: 'ERR_BULKHEAD_FULL', refusal: true });
  }

  declare readonly name: 'BulkheadFullError';
  readonly code = 'ERR_BULKHEAD_FULL';
  readonly key: string;
  /** `'full'`: neither a permit nor a place in the queue was free. `'queue-timeout'`: the call has waited for too long. */
  readonly reason: BulkheadRefusal;
  readonly maxConcurrent: number;
  readonly maxQueue: number;
  /** How long the call has waited, in ms; 0 where it did not wait. */
  readonly waited: number;
  /** Undefined: it is not known when a call ends. */
  readonly retryAfter: undefined;

  constructor(data: BulkheadFullErrorData, options?: { readonly frames?: boolean }) {
    super(messageOf(data), undefined, options?.frames !== false);
    this.key = data.key;
    this.reason = data.reason;
    this.maxConcurrent = data.maxConcurrent;
    this.maxQueue = data.maxQueue;
    this.waited = data.waited ?? 0;
    this.retryAfter = undefined;
  }

  get policy(): 'bulkhead' {
    return 'bulkhead';
  }
}

export function isBulkheadFullError(error: unknown): error is BulkheadFullError {
  return brandOf(error) === 'ERR_BULKHEAD_FULL';
}

function messageOf({ key, reason, maxConcurrent, maxQueue, waited = 0 }: BulkheadFullErrorData): string {
  const who = `Bulkhead ${quoteKey(key)}`;
  const calls = `${maxConcurrent} ${maxConcurrent === 1 ? 'call runs' : 'calls run'}`;
  if (reason === 'queue-timeout') return `${who}: no call ended in ${formatDuration(waited)}, while ${calls}`;
  return maxQueue === 0 ? `${who} is full: ${calls}` : `${who} is full: ${calls}, and ${maxQueue} wait`;
}
