import { singleton } from '../../process/thread-singleton.js';

/** How often all circuits moved to another panel; what was found before has to be looked for anew. */
export const moves: { count: number } = singleton('moves', () => ({ count: 0 }));
