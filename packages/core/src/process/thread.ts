import { threadId } from 'node:worker_threads';

/** The id of this thread: 0 in the main thread, another number in each worker. A process never uses an id twice. */
export const thisThread: number = threadId;
