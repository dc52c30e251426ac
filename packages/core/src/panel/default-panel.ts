import { setEnvironmentData } from 'node:worker_threads';
import { threadSingleton } from '../process/thread-singleton.js';
import { thisThread } from '../process/thread.js';
import type { Clock } from '../time/clock.js';
import { ENVIRONMENT_KEY, inherited } from './inheritance.js';
import { Panel } from './panel.js';

/**
 * The panel of all that has a name: one for all threads of the process.
 *
 * Its buffer is environment data of the thread, which every worker that is started later inherits. The panel is made when
 * this module is loaded, not when the first policy is, so that workers started in between inherit it as well.
 */
export const defaultPanel: Panel = threadSingleton('panel', () => {
  const buffer = inherited?.buffer;
  const panel = buffer === undefined ? new Panel() : new Panel({ buffer });
  setEnvironmentData(ENVIRONMENT_KEY, { buffer: panel.buffer, thread: thisThread });
  return panel;
});

/** The panel of this thread's policies without a name. Other threads cannot find them, and they end with the thread. */
export function privatePanel(): Panel {
  return threadSingleton('private panel', () => new Panel());
}

const panels = new WeakMap<Clock, Panel>();

/** The panel for a clock: what has one clock and one name is one thing. */
export function panelFor(clock: Clock): Panel {
  let panel = panels.get(clock);
  if (panel === undefined) panels.set(clock, (panel = new Panel({ clock })));
  return panel;
}
