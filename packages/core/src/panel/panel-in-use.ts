import { threadSingleton } from '../process/thread-singleton.js';
import { defaultPanel } from './default-panel.js';
import type { Panel } from './panel.js';

/** The panel of what has a key and no panel or clock of its own: the default panel, or one of a test. */
export const panelInUse: { panel: Panel } = threadSingleton('panel in use', () => ({ panel: defaultPanel }));
