import { KeyConflictError } from '../../panel/key-conflict-error.js';
import { PERMIT_CELLS } from '../machine/probe-permits.js';
import { windowCells } from '../machine/window.js';
import { beginCircuit } from '../memory/circuit-record.js';
import type { PanelRecord } from '../../panel/record.js';
import type { Panel } from '../../panel/panel.js';
import { policyText } from '../policy/published-policy.js';
import type { CircuitBreakerSettings } from '../policy/settings.js';

/**
 * The record of a circuit, made if there is none.
 *
 * @param key undefined for a circuit without a name, which gets a record of its own
 * @throws PanelFullError if there is no room for it
 * @throws KeyConflictError if the key stands for another policy
 */
export function claimRecord(
  panel: Panel,
  key: string | undefined,
  settings: CircuitBreakerSettings,
  declaredAt: string | undefined,
): PanelRecord {
  const { permits, window, fingerprint, sources } = settings;
  const needs = { head: permits * PERMIT_CELLS, body: windowCells(window), fingerprint, sources };
  const policy = key === undefined ? undefined : policyText(settings);
  const record = panel.claim({
    kind: 'circuit-breaker',
    begin: beginCircuit,
    key,
    ...needs,
    declaredAt,
    policy,
  });
  // A record that was made for another policy has other permits and another window.
  if (panel.fingerprintOf(record) === fingerprint) return record;
  throw new KeyConflictError({ key: key ?? '', here: declaredAt, there: panel.declaredAt(record) });
}

/** The record that stands under a key now, if it was made for the same policy. */
export function findRecord(
  panel: Panel,
  key: string,
  { fingerprint }: CircuitBreakerSettings,
): PanelRecord | undefined {
  const record = panel.find('circuit-breaker', key);
  return record !== undefined && panel.fingerprintOf(record) === fingerprint ? record : undefined;
}
