import type { Panel } from './panel.js';
import type { PanelRecord } from './record.js';

/**
 * Frees a record without a key when its owner is gone. One registry a panel, so that what is held until then is the record and
 * nothing else: a callback in the policy may well hold the owner.
 */
const registries = new WeakMap<Panel, FinalizationRegistry<PanelRecord>>();

export function freeWhenCollected(owner: object, panel: Panel, record: PanelRecord): void {
  let registry = registries.get(panel);
  if (registry === undefined) {
    registry = new FinalizationRegistry((freed) => panel.remove(freed, () => true));
    registries.set(panel, registry);
  }
  registry.register(owner, record);
}
