import { KeyedStates } from '../panel/keyed-states.js';
import type { Panel } from '../panel/panel.js';
import { threadSingleton } from '../process/thread-singleton.js';
import { LocalBulkhead } from './local-bulkhead.js';
import type { BulkheadSettings } from './policy.js';

/** The bulkheads with a key that this thread has declared in a panel; several objects for one buffer share them. */
export function localBulkheadsOf({ buffer }: Panel): KeyedStates<LocalBulkhead> {
  const all = threadSingleton('bulkheads', () => new WeakMap<ArrayBufferLike, KeyedStates<LocalBulkhead>>());
  let states = all.get(buffer);
  if (states === undefined) all.set(buffer, (states = new KeyedStates('bulkhead')));
  return states;
}

/**
 * The bulkhead under a key, declared by the first who has it.
 *
 * @throws KeyConflictError if the key was declared with another policy, in this thread or another
 * @throws PanelFullError if there is no room for it
 */
export function declareBulkhead(
  panel: Panel,
  key: string,
  settings: BulkheadSettings,
  here: string,
): LocalBulkhead {
  const make = (): LocalBulkhead => new LocalBulkhead(key, settings, panel, here);
  return localBulkheadsOf(panel).declare(key, settings, here, make);
}
