import type { BulkheadEvent } from './bulkhead/bulkhead-event.js';
import type { CircuitEvent } from './circuit/events/circuit-event.js';
import type { RateLimitEvent } from './rate-limit/rate-limit-event.js';

/** What listeners of policies hear, whichever policy it is: `policy` and `type` tell the members apart. */
export type PolicyEvent = CircuitEvent | BulkheadEvent | RateLimitEvent;
