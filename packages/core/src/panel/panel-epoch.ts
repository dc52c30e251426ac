import { threadSingleton } from '../process/thread-singleton.js';

/** How many times all circuits were relocated to another panel. After a change, circuits have to be resolved again. */
export const panelEpoch: { count: number } = threadSingleton('panel epoch', () => ({ count: 0 }));
