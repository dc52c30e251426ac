import type { Panel } from '../panel/panel.js';
import type { PanelRecord } from '../panel/record.js';
import type { LocalRateLimit } from './local-rate-limit.js';

/** Frees the record of a rate limit without a key when nothing uses it any more. One registry a panel. */
const registries = new WeakMap<Panel, FinalizationRegistry<PanelRecord>>();

export function freeWhenCollected(local: LocalRateLimit): void {
  const { panel, record } = local;
  let registry = registries.get(panel);
  if (registry === undefined) {
    registry = new FinalizationRegistry((freed) => panel.remove(freed, () => true));
    registries.set(panel, registry);
  }
  registry.register(local, record);
}
