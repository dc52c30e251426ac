import { formatDuration } from '../time/duration.js';
import { available, heldUntil, isDue } from './gcra.js';
import type { LocalRateLimit } from './local-rate-limit.js';

/** A rate limit as it is now, in all threads together. */
export interface RateLimitSnapshot {
  readonly key: string;
  readonly limit: number;
  /** In ms. */
  readonly per: number;
  readonly burst: number;
  /** The units that could be taken at once; negative where calls wait for their slots, or owe what they have taken. */
  readonly available: number;
  /** Milliseconds until a call that costs 1 could begin; 0 where it could now. */
  readonly retryAfter: number;
  /** Until when the dependency has asked to be left alone, in epoch ms; undefined where it has not. */
  readonly heldUntil: number | undefined;
  /** How many calls of this thread wait. */
  readonly waiting: number;
}

/** Whether a call that costs 1 would be admitted now, and why. */
export interface RateLimitExplanation {
  readonly admits: boolean;
  readonly reason: 'free' | 'waits' | 'used-up' | 'held';
  /** The same as a sentence. */
  readonly text: string;
}

export function snapshotOf({ key, settings, panel, record, waiting }: LocalRateLimit): RateLimitSnapshot {
  const { limit, per, burst, rate } = settings;
  const now = panel.elapsed();
  const units = available(panel.memory, record.at, rate, now);
  const held = heldUntil(panel.memory, record.at);
  const slot = Math.max(now + (1 - units) * rate.interval, held);
  return {
    key,
    limit,
    per,
    burst,
    available: Math.round(units * 1e6) / 1e6,
    retryAfter: isDue(slot, now) ? 0 : slot - now,
    heldUntil: held > now ? panel.toEpoch(held) : undefined,
    waiting,
  };
}

export function explanationOf(local: LocalRateLimit): RateLimitExplanation {
  const { key, limit, per, burst, available: units, retryAfter, heldUntil: held } = snapshotOf(local);
  const state = `Rate limit "${key}" of ${limit} in ${formatDuration(per)}`;
  const wait = formatDuration(Math.ceil(retryAfter));
  if (retryAfter === 0) {
    const text = `${state}: ${Math.floor(units)} of ${burst} are free. The next call begins at once.`;
    return { admits: true, reason: 'free', text };
  }
  const why = held === undefined ? 'is used up' : 'is held, as the dependency has asked';
  return retryAfter <= local.settings.maxWait
    ? { admits: true, reason: 'waits', text: `${state} ${why}. The next call waits for ${wait}.` }
    : {
        admits: false,
        reason: held === undefined ? 'used-up' : 'held',
        text: `${state} ${why}. The next slot is in ${wait}.`,
      };
}
