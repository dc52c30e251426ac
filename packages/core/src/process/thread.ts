import { threadId } from 'node:worker_threads';

/** This thread's id: 0 in the main thread, another number in each worker, never used twice in a process. */
export const thisThread: number = threadId;
