import { KeyedStates } from '../panel/keyed-states.js';
import type { Panel } from '../panel/panel.js';
import { threadSingleton } from '../process/thread-singleton.js';
import { LocalRateLimit } from './local-rate-limit.js';
import type { RateLimitSettings } from './policy.js';

/** The rate limits with a key that this thread has declared in a panel; several objects for one buffer share them. */
function localRateLimitsOf({ buffer }: Panel): KeyedStates<LocalRateLimit> {
  const all = threadSingleton(
    'rate limits',
    () => new WeakMap<ArrayBufferLike, KeyedStates<LocalRateLimit>>(),
  );
  let states = all.get(buffer);
  if (states === undefined) all.set(buffer, (states = new KeyedStates('rate-limit')));
  return states;
}

/**
 * The rate limit under a key, declared by the first who has it.
 *
 * @throws KeyConflictError if the key was declared with another policy, in this thread or another
 * @throws PanelFullError if there is no room for it
 */
export function declareRateLimit(
  panel: Panel,
  key: string,
  settings: RateLimitSettings,
  here: string,
): LocalRateLimit {
  const make = (): LocalRateLimit => new LocalRateLimit(key, settings, panel, here);
  return localRateLimitsOf(panel).declare(key, settings, here, make);
}
