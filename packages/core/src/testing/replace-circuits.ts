import type { Panel } from '../panel/panel.js';
import { circuits } from '../circuit/registry/registry.js';
import { isObject } from '../errors/object-shape.js';
import { showValue } from '../errors/show-value.js';

/**
 * Moves all circuits with a key to a panel of the test: `circuits`, decorated methods, and functions that are guarded by a
 * key use circuits there, which are new and closed, and go by the panel's clock. The declarations stay, and listeners to circuits
 * hear of those there, until the circuits are moved back.
 *
 * @param panel a panel of this thread
 * @throws TypeError if `panel` is no panel
 * @throws PanelFullError if the panel has no room for the declared circuits; then nothing is moved
 * @returns a function that moves the circuits back; they are new and closed again
 * @example
 * const clock = new ManualClock();
 * beforeEach(() => (restore = replaceCircuits(new Panel({ clock, circuits: 100 }))));
 * afterEach(() => restore());
 */
export function replaceCircuits(panel: Panel): () => void {
  // No `instanceof`: the panel may be of another copy of this package.
  const isPanel = isObject(panel) && 'claim' in panel;
  if (!isPanel) throw new TypeError(`replaceCircuits: expected a Panel, received ${showValue(panel)}`);
  const { panel: previous } = circuits;
  circuits.relocateTo(panel);
  return () => {
    if (circuits.panel === panel) circuits.relocateTo(previous);
  };
}
