import type { Panel } from '../circuit/panel.js';
import { circuits } from '../circuit/registry.js';

/**
 * Lets everything that finds its circuit by a key, decorated methods and `circuits` itself, find it in a panel of the test's own:
 * new and closed, and on the panel's clock. What was declared before is declared there too.
 *
 * @param panel a panel of this thread
 * @returns a function that puts the circuits back, new and closed again
 * @example
 * const clock = new ManualClock();
 * beforeEach(() => (restore = replaceCircuits(new Panel({ clock, circuits: 100 }))));
 * afterEach(() => restore());
 */
export function replaceCircuits(panel: Panel): () => void {
  const { panel: left } = circuits;
  circuits.moveTo(panel);
  return () => {
    if (circuits.panel === panel) circuits.moveTo(left);
  };
}
