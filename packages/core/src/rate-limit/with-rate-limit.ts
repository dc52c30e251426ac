import { callSite } from '../call/call-site.js';
import type { AnyFunction, GuardedFunction } from '../call/guarded-function.js';
import { addLayer } from '../call/policy-stack.js';
import { policyOf, type WaitingFunction } from '../call/policy.js';
import { privatePanel } from '../panel/default-panel.js';
import { panelInUse } from '../panel/panel-in-use.js';
import type { Panel } from '../panel/panel.js';
import { type Duration } from '../time/duration.js';
import { wallClock } from '../time/clock.js';
import { freeWhenCollected } from '../panel/free-when-collected.js';
import { guard } from './guard.js';
import { LocalRateLimit } from './local-rate-limit.js';
import { declareRateLimit } from './local-rate-limits.js';
import { type RateLimitPolicy, readRateLimitPolicy } from './policy.js';
import type { Limiter } from './limited-call.js';
import { rateLimitLayer } from './rate-limit-layer.js';
import { rateLimitStage } from './rate-limit-stage.js';
import { explanationOf, type RateLimitExplanation } from './snapshot.js';

export interface WithRateLimitOptions {
  /** The memory to live in, and the clock. Default the panel all threads share; without a key, one of this thread. */
  readonly panel?: Panel;
  /** Epoch milliseconds, by which a `Retry-After` that is a date is understood. Default `Date.now`. */
  readonly wallClock?: () => number;
  /** The line of code for messages about a key that is declared twice. Default the caller's. */
  readonly declaredAt?: string;
}

/** Compile error unless `fn` takes the arguments of `cost`, and its result is what `actualCost` expects. */
type Fits<F extends AnyFunction, Arguments extends unknown[], Result> = ((
  ...args: Arguments
) => void) extends (...args: Parameters<F>) => void
  ? [Result] extends [never]
    ? unknown
    : [Awaited<ReturnType<F>>] extends [Result]
      ? unknown
      : 'actualCost expects another result than that of the function'
  : 'cost takes other arguments than the function';

/** A rate limit as a policy: a function that guards functions which take the arguments of `cost`. */
export interface RateLimitGuard<Arguments extends unknown[], Result, Waits extends boolean> {
  <F extends AnyFunction>(
    fn: F & Fits<F, Arguments, Result>,
  ): [Waits] extends [false] ? GuardedFunction<F> : WaitingFunction<F>;
  readonly kind: string;
  readonly waits: Waits;
  /** The same as calling it. */
  wrap<F extends AnyFunction>(
    fn: F & Fits<F, Arguments, Result>,
  ): [Waits] extends [false] ? GuardedFunction<F> : WaitingFunction<F>;
}

/**
 * Guards a function by a rate limit whose calls never wait, as `@RateLimit` does for a method. A sync function stays sync.
 *
 * @param policy a number is `limit`, in a second. With a key, all that have it share the limit, in all threads; without one the
 * policy's functions share it
 * @throws PolicyError with all faults of the policy
 * @throws KeyConflictError if the key has another policy already
 * @throws TypeError on anything but a function
 * @example
 * const lookup = withRateLimit({ limit: 100, per: '1m' })(async (address: string) => geocode(address));
 */
export function withRateLimit<Arguments extends unknown[] = unknown[], Result = unknown>(
  policy: number | (RateLimitPolicy<Arguments, Result> & { readonly maxWait?: 0 }),
  options?: WithRateLimitOptions,
): RateLimitGuard<Arguments, Result, false>;
/**
 * Guards a function by a rate limit whose calls may wait, so that the function returns a promise.
 *
 * @throws TypeError on a sync generator, which cannot wait
 * @example
 * const ask = withRateLimit({ key: 'model', limit: 10_000, per: '1m', maxWait: '10s', cost: (text: string) => text.length })(complete);
 */
export function withRateLimit<Arguments extends unknown[] = unknown[], Result = unknown>(
  policy: RateLimitPolicy<Arguments, Result> & { readonly maxWait: Duration },
  options?: WithRateLimitOptions,
): RateLimitGuard<Arguments, Result, true>;
export function withRateLimit(policy: number | RateLimitPolicy, options: WithRateLimitOptions = {}): unknown {
  const { key, settings, costs } = readRateLimitPolicy(policy);
  const declaredAt = options.declaredAt ?? callSite(withRateLimit);
  const waits = settings.maxWait > 0;
  const layer = rateLimitLayer(key, typeof policy === 'number' ? { limit: policy } : policy);
  const resolve = resolverOf(key, settings, declaredAt, options);
  // A conflict is thrown here, where the policy is written.
  resolve();
  const epoch = options.wallClock ?? wallClock;
  return policyOf('rate-limit', waits, (fn) => {
    const limiter = (): Limiter => ({ local: resolve(), costs, wallClock: epoch });
    const wrapper = guard(fn, limiter, waits);
    const explain = (): RateLimitExplanation => explanationOf(resolve());
    addLayer(wrapper, fn, { ...layer, explain }, rateLimitStage(fn, limiter, waits, key));
    return wrapper;
  });
}

function resolverOf(
  key: string | undefined,
  settings: ReturnType<typeof readRateLimitPolicy>['settings'],
  declaredAt: string,
  { panel }: WithRateLimitOptions,
): () => LocalRateLimit {
  if (key !== undefined) return () => declareRateLimit(panel ?? panelInUse.panel, key, settings, declaredAt);
  const local = new LocalRateLimit(undefined, settings, panel ?? privatePanel(), declaredAt);
  freeWhenCollected(local, local.panel, local.record);
  return () => local;
}
