import { StackFrame } from '../call/frame.js';
import { callSite } from '../call/call-site.js';
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
import type { Clock } from '../time/clock.js';
import type { BulkheadListener } from './bulkhead-event.js';
import { bulkheadEvents } from './bulkhead-events.js';
import { bulkheadLayer } from './bulkhead-layer.js';
import { bulkheadStage } from './bulkhead-stage.js';
import { freeWhenCollected } from '../panel/free-when-collected.js';
import { guard } from './guard.js';
import { callHeld, type Settlement, settlementOf } from './held-call.js';
import { LocalBulkhead } from './local-bulkhead.js';
import { declareBulkhead } from './local-bulkheads.js';
import { type BulkheadPolicy, readBulkheadPolicy } from './policy.js';
import { type BulkheadExplanation, type BulkheadSnapshot, explanationOf, snapshotOf } from './snapshot.js';

export interface BulkheadOptions {
  /** The memory to live in. Default the panel all threads share; for a bulkhead without a key, one of this thread. */
  readonly panel?: Panel;
  /** Where time comes from. What has one clock shares a panel of its own; give this or `panel`. */
  readonly clock?: Clock;
  /** The line of code to name when the key is declared twice. Default the caller's. */
  readonly declaredAt?: string;
}

/**
 * Bounds how many calls run at once, so that a slow dependency does not take all of a service.
 *
 * Two bulkheads with one key are one, in every thread of the process. No call is refused while a permit is free in any thread.
 *
 * @param policy a number is `maxConcurrent`
 * @throws PolicyError with all faults of the policy
 * @throws KeyConflictError if the key has another policy already
 * @throws PanelFullError if there is no room for another bulkhead
 * @example
 * const bulkhead = new Bulkhead({ key: 'geo-api', maxConcurrent: 20, maxQueue: 100, queueTimeout: '2s' });
 * const response = await bulkhead.call(fetch, 'https://geo.example/lookup');
 */
export class Bulkhead {
  readonly #local: LocalBulkhead;
  readonly #settlement: Settlement;
  readonly #frame: StackFrame;

  constructor(policy?: number | BulkheadPolicy, options: BulkheadOptions = {}) {
    const { key, settings } = readBulkheadPolicy(policy);
    const panel = panelOf(key, options);
    const declaredAt = options.declaredAt ?? (key === undefined ? '' : callSite(new.target));
    if (key === undefined) {
      this.#local = new LocalBulkhead(undefined, settings, panel, declaredAt);
      freeWhenCollected(this.#local, panel, this.#local.permits.record);
    } else this.#local = declareBulkhead(panel, key, settings, declaredAt);
    this.#settlement = settlementOf(this.#local);
    this.#frame = new StackFrame({ callee: undefined, policyKey: key, readsArgs: true });
  }

  /** The bulkhead's name; for one without, a name for messages that nothing can be found by. */
  get key(): string {
    return this.#local.key;
  }

  /**
   * Calls a function as soon as there is a permit for it. The permit comes back when what the function returns is there.
   *
   * @returns a promise of what the function returns; it rejects with what the function throws, with a BulkheadFullError, or with
   * the reason of a signal among the arguments that aborts while the call waits
   * @example
   * const user = await bulkhead.call(loadUser, 42);
   */
  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Awaited<R>>;
  call(fn: AnyFunction, ...args: unknown[]): unknown {
    if (typeof fn !== 'function') throw notCallable('call', fn);
    const held = this.#settlement;
    const outer = traceAround(this);
    if (outer !== undefined || !running.isWatched || !lookForSubscribers())
      return callHeld(held, this.#frame.under(outer), fn, undefined, args);
    const run = (): unknown => this.call(fn as (...args: unknown[]) => unknown, ...args);
    const { key } = this;
    return tracedDirectCall({ entered: this, kind: 'bulkhead', key, fn, args, outer, run });
  }

  /**
   * The function, guarded: with its own `this`, name and length. It returns a promise, because a call may wait. A stream holds its
   * permit from the first item that is asked for to its end, and so does each subscription to an Observable.
   */
  wrap<F extends AnyFunction>(fn: F): WaitingFunction<F> {
    const resolve = (): LocalBulkhead => this.#local;
    const wrapper = guard(fn, resolve, true);
    addLayer(
      wrapper,
      fn,
      bulkheadLayer(this.key, undefined, resolve),
      bulkheadStage(fn, resolve, true, this.#frame.policyKey),
    );
    return wrapper as unknown as WaitingFunction<F>;
  }

  /**
   * Calls a function as {@link call} does, and returns what became of it: nothing that it throws is thrown.
   *
   * @example
   * const outcome = await bulkhead.tryCall(loadUser, 42);
   * if (outcome.status === 'refused') return cached;
   */
  async tryCall<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Outcome<Awaited<R>>> {
    if (typeof fn !== 'function') throw notCallable('tryCall', fn);
    const { key } = this;
    try {
      return { status: 'succeeded', value: await this.call(fn, ...args) };
    } catch (error) {
      const isOwn = isRefusal(error) && error.policy === 'bulkhead' && error.key === key;
      return isOwn ? { status: 'refused', error } : { status: 'failed', error };
    }
  }

  /** The bulkhead as it is now, in all threads together. */
  snapshot(): BulkheadSnapshot {
    return snapshotOf(this.#local);
  }

  /** Whether a call would be admitted now, and why. */
  explain(): BulkheadExplanation {
    return explanationOf(this.#local);
  }

  /**
   * Hears of this bulkhead's calls in this thread that wait, and that are refused. What a listener throws becomes a warning of the
   * process.
   *
   * @returns a function that ends the subscription
   */
  subscribe(listener: BulkheadListener): () => void {
    return bulkheadEvents.subscribe(this.#local, listener);
  }
}

function panelOf(key: string | undefined, { panel, clock }: BulkheadOptions): Panel {
  if (panel !== undefined && clock !== undefined && panel.clock !== clock)
    throw new TypeError('Bulkhead: expected panel or clock, received both; the panel has its own clock');
  if (panel !== undefined) return panel;
  if (clock !== undefined) return panelFor(clock);
  return key === undefined ? privatePanel() : defaultPanel;
}

function notCallable(method: string, received: unknown): TypeError {
  return new TypeError(`${method}: expected a function, received ${showValue(received)}`);
}
