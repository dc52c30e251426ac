import type { Panel } from '../panel/panel.js';
import type { PanelRecord } from '../panel/record.js';
import type { LocalBulkhead } from './local-bulkhead.js';

/** Frees the record of a bulkhead without a key when nothing uses it any more. One registry a panel. */
const registries = new WeakMap<Panel, FinalizationRegistry<PanelRecord>>();

export function freeWhenCollected(local: LocalBulkhead): void {
  const { panel, permits } = local;
  let registry = registries.get(panel);
  if (registry === undefined) {
    registry = new FinalizationRegistry((record) => panel.remove(record, () => true));
    registries.set(panel, registry);
  }
  registry.register(local, permits.record);
}
