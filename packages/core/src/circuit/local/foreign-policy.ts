import type { PanelRecord } from '../../panel/record.js';
import type { Panel } from '../../panel/panel.js';
import {
  functionsIn,
  type PublishedPolicy,
  readPolicyText,
  settingsFrom,
} from '../policy/published-policy.js';
import type { CircuitBreakerSettings } from '../policy/settings.js';

/** A policy as another thread has published it. */
export interface ForeignPolicy {
  readonly policy: PublishedPolicy;
  readonly settings: CircuitBreakerSettings;
}

/** The policy of another thread, as far as it can be used here. */
export interface BorrowedPolicy {
  readonly settings: CircuitBreakerSettings;
  /** The functions that this thread does not have; while there are any, no call can be judged. */
  readonly missing: readonly string[];
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

/** The policy of a circuit for a thread that has not declared it; undefined where this version cannot read the policy. */
export function borrowedPolicyOf(panel: Panel, record: PanelRecord): BorrowedPolicy | undefined {
  const foreign = foreignPolicyOf(panel, record);
  if (foreign === undefined) return undefined;
  const fingerprint = panel.fingerprintOf(record);
  // Another version of the package may make another policy of the same text.
  const missing =
    foreign.settings.fingerprint === fingerprint
      ? functionsIn(foreign.policy)
      : ['(fields of another version)'];
  return { settings: { ...foreign.settings, fingerprint, sources: panel.sourcesOf(record) }, missing };
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
