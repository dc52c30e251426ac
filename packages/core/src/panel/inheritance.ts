import { getEnvironmentData } from 'node:worker_threads';
import { threadSingleton } from '../process/thread-singleton.js';
import { thisThread } from '../process/thread.js';

export const ENVIRONMENT_KEY = '@switchgear/core/panel/3';

/** What a thread leaves to the workers it starts. */
export interface Inheritance {
  readonly buffer: ArrayBufferLike;
  readonly thread: number;
}

/** What the thread that started this one has left to it; undefined where it has not loaded the package. */
export const inherited: Inheritance | undefined = threadSingleton('inheritance', () => {
  const data = getEnvironmentData(ENVIRONMENT_KEY) as Inheritance | undefined;
  // What this very thread has left there is an earlier self's: Jest evaluates modules anew for each test file.
  return data?.thread === thisThread ? undefined : data;
});
