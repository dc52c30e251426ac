import { foreignPolicyOf } from '../local/borrowed-circuit.js';
import type { LocalCircuits } from '../local/local-circuits.js';
import { type CircuitSnapshot, snapshotOf } from '../local/snapshot.js';
import { isAlive } from '../../panel/record.js';
import { type CircuitTotals, totalsOf } from '../memory/totals-line.js';
import { readWord } from '../../panel/word.js';
import type { Panel } from '../../panel/panel.js';
import type { PublishedPolicy } from '../policy/published-policy.js';
import { readPolicy } from '../policy/read-policy.js';

/** A circuit with a key, whichever thread declared it. */
export interface NamedCircuitSnapshot extends CircuitSnapshot {
  /** Undefined where there was no room for it in memory. */
  readonly policy: PublishedPolicy | undefined;
  /** Since the circuit was made. */
  readonly totals: CircuitTotals;
  /** The line of code that declared it first, such as 'src/geo.ts:12:3'. */
  readonly declaredAt: string | undefined;
}

/** All circuits of a panel as they are now, in no particular order. */
export function snapshotsOf(panel: Panel, localCircuits: LocalCircuits): readonly NamedCircuitSnapshot[] {
  const { memory } = panel;
  return panel.namedRecords('circuit-breaker').flatMap(({ name: key, record }) => {
    const local = localCircuits.get(key);
    const foreign = foreignPolicyOf(panel, record);
    const known = local?.settings.fingerprint === panel.fingerprintOf(record) ? local.settings : undefined;
    const settings = known ?? foreign?.settings ?? readPolicy({ halfOpen: { permits: 1 } }).settings;
    const opening = local?.record.incarnation === record.incarnation ? local.opening : undefined;
    const snapshot = {
      ...snapshotOf({ key, panel, memory, record, settings, opening }),
      policy: foreign?.policy,
      totals: totalsOf(panel.lines, memory, record),
      declaredAt: panel.declaredAt(record),
    };
    // Had it been removed meanwhile, this may be of two circuits.
    return isAlive(memory, record, readWord(memory, record.at)) ? [snapshot] : [];
  });
}
