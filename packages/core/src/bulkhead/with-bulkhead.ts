import { callSite } from '../call/call-site.js';
import { addLayer } from '../call/policy-stack.js';
import { type Policy, policyOf } from '../call/policy.js';
import { PolicyError } from '../errors/policy-error.js';
import { nearest } from '../options/nearest.js';
import { privatePanel } from '../panel/default-panel.js';
import { panelInUse } from '../panel/panel-in-use.js';
import type { Panel } from '../panel/panel.js';
import { Bulkhead } from './bulkhead.js';
import { bulkheadLayer } from './bulkhead-layer.js';
import { bulkheadStage } from './bulkhead-stage.js';
import { freeWhenCollected } from '../panel/free-when-collected.js';
import { guard } from './guard.js';
import { LocalBulkhead } from './local-bulkhead.js';
import { declareBulkhead, localBulkheadsOf } from './local-bulkheads.js';
import { type BulkheadPolicy, readBulkheadPolicy } from './policy.js';

/** A bulkhead without a queue: a call is admitted or refused at once. */
export interface PlainBulkheadPolicy extends BulkheadPolicy {
  readonly maxQueue?: 0;
  readonly queueTimeout?: never;
}

export interface WithBulkheadOptions {
  /** The memory to live in, and the clock. Default the panel all threads share; without a key, one of this thread. */
  readonly panel?: Panel;
  /** The line of code for messages about a key that is declared twice. Default the caller's. */
  readonly declaredAt?: string;
}

/**
 * Guards a function by a bulkhead without a queue, as `@Bulkhead` does for a method. A sync function stays sync.
 *
 * @param policy a number is `maxConcurrent`. With a key, all that have it share the bulkhead, in all threads; without one the policy's
 * functions share it
 * @throws PolicyError with all faults of the policy
 * @throws KeyConflictError if the key has another policy already
 * @throws TypeError on anything but a function
 * @example
 * const lookup = withBulkhead(20)(async (address: string) => geocode(address));
 */
export function withBulkhead(
  policy?: number | PlainBulkheadPolicy,
  options?: WithBulkheadOptions,
): Policy<false>;
/**
 * Guards a function by a bulkhead whose calls may wait, so that the function returns a promise.
 *
 * @param policy with a queue, or the key of a bulkhead that is declared elsewhere before the first call, or a {@link Bulkhead}
 * @throws TypeError on a sync generator, which cannot wait
 * @example
 * const lookup = withBulkhead({ key: 'geo-api', maxConcurrent: 20, maxQueue: 100 })(geocode);
 * const reverse = withBulkhead('geo-api')(addressOf);
 */
export function withBulkhead(
  policy: string | Bulkhead | (BulkheadPolicy & { readonly maxQueue: number }),
  options?: WithBulkheadOptions,
): Policy<true>;
export function withBulkhead(
  policy?: number | string | Bulkhead | BulkheadPolicy,
  options: WithBulkheadOptions = {},
): Policy {
  if (isBulkhead(policy)) return policyOf('bulkhead', true, (fn) => policy.wrap(fn));
  const declaredAt = options.declaredAt ?? callSite(withBulkhead);
  const panelNow = (): Panel => options.panel ?? panelInUse.panel;
  if (typeof policy === 'string') {
    readBulkheadPolicy({ key: policy });
    const refer = (): LocalBulkhead => referred(panelNow(), policy, declaredAt);
    return guards(true, bulkheadLayer(policy, undefined, refer), refer);
  }
  const { key, settings } = readBulkheadPolicy(policy);
  const written = typeof policy === 'number' ? { maxConcurrent: policy } : policy;
  const waits = settings.maxQueue > 0;
  if (key !== undefined) {
    const declare = (): LocalBulkhead => declareBulkhead(panelNow(), key, settings, declaredAt);
    // A conflict is thrown here, where the policy is written.
    declare();
    return guards(waits, bulkheadLayer(key, written, declare), declare);
  }
  const local = new LocalBulkhead(undefined, settings, options.panel ?? privatePanel(), declaredAt);
  freeWhenCollected(local, local.panel, local.permits.record);
  const own = (): LocalBulkhead => local;
  return guards(waits, bulkheadLayer(undefined, written, own), own);
}

function guards(
  waits: boolean,
  layer: ReturnType<typeof bulkheadLayer>,
  resolve: () => LocalBulkhead,
): Policy {
  return policyOf('bulkhead', waits, (fn) => {
    const wrapper = guard(fn, resolve, waits);
    addLayer(wrapper, fn, layer, bulkheadStage(fn, resolve, waits, layer.key));
    return wrapper;
  });
}

/** A bulkhead that is declared elsewhere in this thread. */
function referred(panel: Panel, key: string, referredAt: string): LocalBulkhead {
  const states = localBulkheadsOf(panel);
  const state = states.get(key);
  if (state !== undefined) return state;
  const keys = states.keys();
  const suggestion = nearest(key, keys);
  const allowed = `${keys.length === 0 ? 'a key that was declared; none is' : `one of ${keys.join(', ')}`} (a key alone refers to a bulkhead: declare it with its policy, { maxConcurrent: 10 } say)`;
  throw new PolicyError(`the reference to a bulkhead at ${referredAt}`, [
    { path: 'key', received: key, allowed, ...(suggestion === undefined ? {} : { suggestion }) },
  ]);
}

/** By its shape: it may be of another copy of this package. */
function isBulkhead(value: unknown): value is Bulkhead {
  return (
    value instanceof Bulkhead ||
    (typeof value === 'object' &&
      value !== null &&
      'tryCall' in value &&
      'explain' in value &&
      'wrap' in value &&
      // A circuit breaker has the rest as well.
      !('force' in value))
  );
}
