import { KeyConflictError } from '../panel/key-conflict-error.js';
import type { Panel } from '../panel/panel.js';
import { beginRate } from './gcra.js';
import type { PanelRecord } from '../panel/record.js';
import { pin } from '../panel/usage-mark.js';
import type { RateLimitSettings } from './policy.js';

/** The number of the published fields: it goes up when one of them changes its meaning. */
const FORMAT = 1;

/**
 * The record of a rate limit, made if there is none.
 *
 * @param key undefined for a rate limit without a name, which gets a record of its own
 * @throws PanelFullError if there is no room for it
 * @throws KeyConflictError if the key stands for another policy
 */
export function claimRecord(
  panel: Panel,
  key: string | undefined,
  { identity, fingerprint }: RateLimitSettings,
  declaredAt: string,
): PanelRecord {
  const record = panel.claim({
    kind: 'rate-limit',
    begin: beginRate,
    key,
    head: 0,
    body: 0,
    fingerprint,
    sources: 0,
    declaredAt,
    policy: key === undefined ? undefined : JSON.stringify({ format: FORMAT, ...identity }),
  });
  pin(panel.memory, record.at);
  if (panel.fingerprintOf(record) === fingerprint) return record;
  throw new KeyConflictError({
    key: key ?? '',
    policy: 'rate-limit',
    here: declaredAt,
    there: panel.declaredAt(record),
  });
}
