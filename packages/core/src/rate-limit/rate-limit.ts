import { callSite } from '../call/call-site.js';
import { StackFrame } from '../call/frame.js';
import type { AnyFunction } from '../call/guarded-function.js';
import type { Outcome } from '../call/outcome.js';
import { addLayer } from '../call/policy-stack.js';
import type { WaitingFunction } from '../call/policy.js';
import { lookForSubscribers, running } from '../call/running.js';
import { traceAround, tracedDirectCall } from '../call/traced-call.js';
import { isRefusal } from '../errors/refusal-error.js';
import { showValue } from '../errors/show-value.js';
import { defaultPanel, panelFor, privatePanel } from '../panel/default-panel.js';
import type { Panel } from '../panel/panel.js';
import { type Clock, wallClock } from '../time/clock.js';
import { freeWhenCollected } from '../panel/free-when-collected.js';
import { guard } from './guard.js';
import { callLimited, type Limiter } from './limited-call.js';
import { LocalRateLimit } from './local-rate-limit.js';
import { declareRateLimit } from './local-rate-limits.js';
import { type RateLimitPolicy, readRateLimitPolicy } from './policy.js';
import { rateLimitEvents, type RateLimitListener } from './rate-limit-event.js';
import { rateLimitLayer } from './rate-limit-layer.js';
import { rateLimitStage } from './rate-limit-stage.js';
import { explanationOf, type RateLimitExplanation, type RateLimitSnapshot, snapshotOf } from './snapshot.js';

export interface RateLimitOptions {
  /** The memory to live in. Default the panel all threads share; for a rate limit without a key, one of this thread. */
  readonly panel?: Panel;
  /** Where time comes from. What has one clock shares a panel of its own; give this or `panel`. */
  readonly clock?: Clock;
  /** Epoch milliseconds, by which a `Retry-After` that is a date is understood. Default `Date.now`. */
  readonly wallClock?: () => number;
  /** The line of code to name when the key is declared twice. Default the caller's. */
  readonly declaredAt?: string;
}

/**
 * Bounds how many calls begin in a time, by slots that are reserved in the order in which calls come.
 *
 * Two rate limits with one key are one, in every thread of the process.
 *
 * @param policy a number is `limit`, in a second
 * @throws PolicyError with all faults of the policy
 * @throws KeyConflictError if the key has another policy already
 * @throws PanelFullError if there is no room for another rate limit
 * @example
 * const limit = new RateLimit({ key: 'geo-api', limit: 100, per: '1m', maxWait: '5s' });
 * const response = await limit.call(fetch, 'https://geo.example/lookup');
 */
export class RateLimit<Arguments extends unknown[] = never[], Result = never> {
  readonly #limiter: Limiter;
  readonly #frame: StackFrame;

  constructor(policy: number | RateLimitPolicy<Arguments, Result>, options: RateLimitOptions = {}) {
    const { key, settings, costs } = readRateLimitPolicy(policy);
    const panel = panelOf(key, options);
    const declaredAt = options.declaredAt ?? (key === undefined ? '' : callSite(new.target));
    const local =
      key === undefined
        ? new LocalRateLimit(undefined, settings, panel, declaredAt)
        : declareRateLimit(panel, key, settings, declaredAt);
    if (key === undefined) freeWhenCollected(local, panel, local.record);
    this.#limiter = { local, costs, wallClock: options.wallClock ?? wallClock };
    this.#frame = new StackFrame({ callee: undefined, policyKey: key, readsArgs: true });
  }

  /** The name of the rate limit; for one without, a name for messages that nothing can be found by. */
  get key(): string {
    return this.#limiter.local.key;
  }

  /**
   * Calls a function as soon as its slot is due.
   *
   * @returns a promise of what the function returns; it rejects with what the function throws, with a RateLimitError, with a
   * RangeError for a cost that is none, or with the reason of a signal among the arguments that aborts while the call waits
   * @example
   * const user = await limit.call(loadUser, 42);
   */
  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Awaited<R>>;
  call(fn: AnyFunction, ...args: unknown[]): unknown {
    if (typeof fn !== 'function') throw notCallable('call', fn);
    const outer = traceAround(this);
    if (outer !== undefined || !running.isWatched || !lookForSubscribers())
      return callLimited(this.#limiter, this.#frame.under(outer), fn, undefined, args);
    const run = (): unknown => this.call(fn as (...args: unknown[]) => unknown, ...args);
    const { key } = this;
    return tracedDirectCall({ entered: this, kind: 'rate-limit', key, fn, args, outer, run });
  }

  /** The function, guarded: with its own `this`, name and length. It returns a promise, because a call may wait. */
  wrap<F extends AnyFunction>(fn: F): WaitingFunction<F> {
    const resolve = (): Limiter => this.#limiter;
    const wrapper = guard(fn, resolve, true);
    const layer = { ...rateLimitLayer(this.key), explain: () => this.explain() };
    const { topic } = this.#limiter.local;
    addLayer(
      wrapper,
      fn,
      layer,
      rateLimitStage(fn, resolve, true, typeof topic === 'string' ? topic : undefined),
    );
    return wrapper as unknown as WaitingFunction<F>;
  }

  /**
   * Calls a function as {@link call} does, and returns what became of it: nothing that it throws is thrown.
   *
   * @example
   * const outcome = await limit.tryCall(loadUser, 42);
   * if (outcome.status === 'refused') return cached;
   */
  async tryCall<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Outcome<Awaited<R>>> {
    if (typeof fn !== 'function') throw notCallable('tryCall', fn);
    const { key } = this;
    try {
      return { status: 'succeeded', value: await this.call(fn, ...args) };
    } catch (error) {
      const isOwn = isRefusal(error) && error.policy === 'rate-limit' && error.key === key;
      return isOwn ? { status: 'refused', error } : { status: 'failed', error };
    }
  }

  /** The rate limit as it is now, in all threads together. */
  snapshot(): RateLimitSnapshot {
    return snapshotOf(this.#limiter.local);
  }

  /** Whether a call that costs 1 would be admitted now, and why. */
  explain(): RateLimitExplanation {
    return explanationOf(this.#limiter.local);
  }

  /**
   * Hears of this thread's calls that wait and that are refused, and of holds. What a listener throws becomes a warning of the process.
   *
   * @returns a function that ends the subscription
   */
  subscribe(listener: RateLimitListener): () => void {
    return rateLimitEvents.subscribe(this.#limiter.local, listener);
  }
}

function panelOf(key: string | undefined, { panel, clock }: RateLimitOptions): Panel {
  if (panel !== undefined && clock !== undefined && panel.clock !== clock)
    throw new TypeError('RateLimit: expected panel or clock, received both; the panel has its own clock');
  if (panel !== undefined) return panel;
  if (clock !== undefined) return panelFor(clock);
  return key === undefined ? privatePanel() : defaultPanel;
}

function notCallable(method: string, received: unknown): TypeError {
  return new TypeError(`${method}: expected a function, received ${showValue(received)}`);
}
