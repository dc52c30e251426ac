import { Emitter } from '../events/emitter.js';
import type { EventOfPolicy } from '../events/event-of-policy.js';
import { threadSingleton } from '../process/thread-singleton.js';
import type { RateLimitRefusal } from './rate-limit-error.js';

/** An event of a rate limit, in this thread. Times are epoch milliseconds. */
export type RateLimitEvent = RateLimitWaitEvent | RateLimitHoldEvent | RateLimitRefusalEvent;

export type RateLimitListener = (event: RateLimitEvent) => void;

interface EventOfRateLimit extends EventOfPolicy {
  readonly policy: 'rate-limit';
  readonly key: string;
  readonly at: number;
}

/** A call waits for its slot. */
export interface RateLimitWaitEvent extends EventOfRateLimit {
  readonly type: 'wait';
  /** Milliseconds until its slot. */
  readonly delay: number;
}

/** The dependency has said when to come again. */
export interface RateLimitHoldEvent extends EventOfRateLimit {
  readonly type: 'hold';
  /** Until when calls are held. */
  readonly until: number;
}

/** A call was refused. */
export interface RateLimitRefusalEvent extends EventOfRateLimit {
  readonly type: 'refusal';
  readonly reason: RateLimitRefusal;
  /** Milliseconds until the slot that it would have had. */
  readonly retryAfter: number;
}

/** Publishes the events of all rate limits to the listeners of this thread. */
export const rateLimitEvents: Emitter<RateLimitEvent> = threadSingleton(
  'rate limit events',
  () => new Emitter<RateLimitEvent>(),
);
