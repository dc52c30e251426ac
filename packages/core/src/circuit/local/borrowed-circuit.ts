import type { TransitionFeed } from '../events/transition-feed.js';
import type { PanelRecord } from '../../panel/record.js';
import type { Panel } from '../../panel/panel.js';
import {
  functionsIn,
  type PublishedPolicy,
  readPolicyText,
  settingsFrom,
} from '../policy/published-policy.js';
import type { CircuitBreakerSettings } from '../policy/settings.js';
import { LocalCircuit } from './local-circuit.js';

/** A policy as another thread has published it. */
export interface ForeignPolicy {
  readonly policy: PublishedPolicy;
  readonly settings: CircuitBreakerSettings;
}

const MAX_READ = 256;
const read = new Map<string, ForeignPolicy | undefined>();

/** The policy of a circuit, from the text in its record; undefined where there is none that this version can read. */
export function foreignPolicyOf(panel: Panel, record: PanelRecord): ForeignPolicy | undefined {
  const text = panel.policyOf(record);
  if (text === undefined) return undefined;
  if (!read.has(text)) {
    if (read.size === MAX_READ) read.clear();
    read.set(text, parse(text));
  }
  return read.get(text);
}

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
  const foreign = foreignPolicyOf(panel, record);
  if (foreign === undefined) return undefined;
  const fingerprint = panel.fingerprintOf(record);
  const settings = { ...foreign.settings, fingerprint, sources: panel.sourcesOf(record) };
  const circuit = new LocalCircuit(key, settings, feed, panel.declaredAt(record), false);
  // Another version of the package may make another policy of the same text.
  circuit.lack(
    foreign.settings.fingerprint === fingerprint
      ? functionsIn(foreign.policy)
      : ['(fields of another version)'],
  );
  return circuit;
}

function parse(text: string): ForeignPolicy | undefined {
  try {
    const policy = readPolicyText(text);
    return policy === undefined ? undefined : { policy, settings: settingsFrom(policy) };
  } catch {
    // Written by a version that allows what this one does not.
    return undefined;
  }
}
