import { threadSingleton } from '../../process/thread-singleton.js';

/** How often all circuits moved to another panel; what was found before has to be looked for anew. */
export const panelEpoch: { count: number } = threadSingleton('moves', () => ({ count: 0 }));
