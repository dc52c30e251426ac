import { Emitter } from '../events/emitter.js';
import { threadSingleton } from '../process/thread-singleton.js';
import type { BulkheadEvent } from './bulkhead-event.js';

/** Publishes the events of all bulkheads to the listeners of this thread. */
export const bulkheadEvents: Emitter<BulkheadEvent> = threadSingleton(
  'bulkhead events',
  () => new Emitter<BulkheadEvent>(),
);
