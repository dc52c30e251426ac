import type { EventOfPolicy } from '../events/event-of-policy.js';
import type { BulkheadRefusal } from './bulkhead-full-error.js';

/** An event of a bulkhead, in this thread. Times are epoch milliseconds. */
export type BulkheadEvent = BulkheadQueuedEvent | BulkheadRefusalEvent;

export type BulkheadListener = (event: BulkheadEvent) => void;

interface EventOfBulkhead extends EventOfPolicy {
  readonly policy: 'bulkhead';
  readonly key: string;
  readonly at: number;
}

/** A call waits for a permit. */
export interface BulkheadQueuedEvent extends EventOfBulkhead {
  readonly type: 'queued';
  /** How many calls of this thread wait, this one included. */
  readonly waiting: number;
}

/** A call was refused. */
export interface BulkheadRefusalEvent extends EventOfBulkhead {
  readonly type: 'refusal';
  readonly reason: BulkheadRefusal;
}
