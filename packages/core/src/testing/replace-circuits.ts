import type { Panel } from '../circuit/panel/panel.js';
import { circuits } from '../circuit/registry/registry.js';
import { showValue } from '../errors/show-value.js';

/**
 * Lets everything that finds its circuit by a key, decorated methods and `circuits` itself, find it in a panel of the test's own:
 * new and closed, and on the panel's clock. What was declared before is declared there too, and whoever listened to circuits before
 * hears of those there, until they are put back.
 *
 * @param panel a panel of this thread
 * @throws TypeError for what is no panel
 * @throws PanelFullError if there is no room in it for what is declared; then nothing has moved
 * @returns a function that puts the circuits back, new and closed again
 * @example
 * const clock = new ManualClock();
 * beforeEach(() => (restore = replaceCircuits(new Panel({ clock, circuits: 100 }))));
 * afterEach(() => restore());
 */
export function replaceCircuits(panel: Panel): () => void {
  const given: unknown = panel;
  // No `instanceof`: the panel may be of another copy of this package.
  if (typeof given !== 'object' || given === null || !('claim' in given)) {
    throw new TypeError(`replaceCircuits: expected a Panel, received ${showValue(given)}`);
  }
  const { panel: left } = circuits;
  circuits.moveTo(panel);
  return () => {
    if (circuits.panel === panel) circuits.moveTo(left);
  };
}
