import type { LocalCircuit } from '../local/local-circuit.js';
import type { PanelRecord } from '../../panel/record.js';
import type { Panel } from '../../panel/panel.js';

/**
 * Frees a circuit's place when its breaker is gone. One registry a panel, so that what is held until then is a place and
 * nothing else: a callback in the policy may well hold the breaker.
 */
const registries = new WeakMap<Panel, FinalizationRegistry<PanelRecord>>();

export function freeWhenCollected(breaker: object, { panel, record }: LocalCircuit): void {
  let registry = registries.get(panel);
  if (registry === undefined) {
    registry = new FinalizationRegistry((freed) => panel.remove(freed, () => true));
    registries.set(panel, registry);
  }
  registry.register(breaker, record);
}
