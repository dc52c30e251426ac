import type { TransitionFeed } from '../events/transition-feed.js';
import type { PanelRecord } from '../../panel/record.js';
import { borrowedPolicyOf } from './foreign-policy.js';
import { LocalCircuit } from './local-circuit.js';

/**
 * A circuit that only another thread has declared, for looking at it, listening to it, and taking it in hand. Calls go through it
 * too, unless its policy has functions, which this thread does not have.
 */
export function borrowCircuit(
  feed: TransitionFeed,
  key: string,
  record: PanelRecord,
): LocalCircuit | undefined {
  const { panel } = feed;
  const policy = borrowedPolicyOf(panel, record);
  if (policy === undefined) return undefined;
  const circuit = new LocalCircuit(key, policy.settings, feed, panel.declaredAt(record), false);
  circuit.lack(policy.missing);
  return circuit;
}
