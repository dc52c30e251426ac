import { isRefusal, type RefusalError } from '../errors/refusal-error.js';
import { isSwitchgearError } from '../errors/switchgear-error.js';
import { retryAfterOf } from '../failure/retry-after-of.js';
import type { GaveUp } from './attempts.js';
import { delayBefore, spreadAfter } from './backoff.js';
import type { AttemptOutcome, RetrySettings } from './policy.js';

/** What follows from an attempt: nothing, for its result is good; another attempt after a delay in ms; or the end. */
export type RetryDecision =
  | { readonly kind: 'good' }
  | { readonly kind: 'again'; readonly delay: number; readonly progress: RetryProgress }
  | { readonly kind: 'over'; readonly gaveUp: GaveUp };

/** How far a call has come. */
export interface RetryProgress {
  /** Retries used up. */
  readonly retries: number;
  /** Waits for a circuit since it last let an attempt through. */
  readonly waits: number;
  /** The last delay that the backoff gave, in ms. */
  readonly previous: number | undefined;
}

export const BEGINNING: RetryProgress = Object.freeze({ retries: 0, waits: 0, previous: undefined });

/** What a verdict depends on besides the policy and the outcome. */
export interface Circumstances {
  /** Whether the policy wants this outcome tried again; not asked about what a circuit refused. */
  readonly isWanted: () => boolean;
  readonly isAborted: boolean;
  /** Ms since `maxElapsed` counts. */
  readonly elapsed: number;
  /** The wall clock, in epoch ms. */
  readonly epoch: () => number;
  readonly random: () => number;
}

/** A wait of less would go round and round within one turn of the event loop. */
const MIN_WAIT_MS = 1;

/** Decides what follows from an attempt. */
export function decide(
  settings: RetrySettings,
  progress: RetryProgress,
  outcome: AttemptOutcome,
  circumstances: Circumstances,
): RetryDecision {
  const { isAborted, isWanted } = circumstances;
  const hasFailed = outcome.status === 'failed';
  if (hasFailed && isAborted) return over('aborted');
  if (hasFailed && isRefusal(outcome.error)) {
    return waitForCircuit(settings, progress, outcome.error, circumstances);
  }
  if (!isWanted()) return hasFailed ? over('not-retryable') : { kind: 'good' };
  if (isAborted) return over('aborted');
  if (progress.retries >= settings.maxRetries) return over('no-retries-left');
  const retries = progress.retries + 1;
  const previous = delayBefore(settings, retries, progress.previous, circumstances.random);
  const asked = settings.respectRetryAfter ? askedDelay(outcome, circumstances) : 0;
  return after(settings, Math.max(previous, asked), { retries, waits: 0, previous }, circumstances);
}

function waitForCircuit(
  settings: RetrySettings,
  progress: RetryProgress,
  { retryAfter, mayComeEarlier }: RefusalError,
  circumstances: Circumstances,
): RetryDecision {
  // A circuit in an operator's hand knows no time to wait for.
  if (!settings.waitForCircuit || retryAfter === undefined) return over('refused');
  const waits = progress.waits + 1;
  const { random } = circumstances;
  // Half-open, `retryAfter` is when a hung probe expires; probes that answer free their places much earlier.
  const delay = mayComeEarlier
    ? Math.min(retryAfter, delayBefore({ ...settings, jitter: 'equal' }, waits, undefined, random))
    : retryAfter + spreadAfter(settings, waits, random);
  return after(settings, Math.max(delay, MIN_WAIT_MS), { ...progress, waits }, circumstances);
}

function after(
  { maxElapsed }: RetrySettings,
  delay: number,
  progress: RetryProgress,
  { elapsed }: Circumstances,
): RetryDecision {
  return elapsed + delay > maxElapsed ? over('no-time-left') : { kind: 'again', delay, progress };
}

/** How long the other side, or a policy of ours, asks to wait, in ms. */
function askedDelay(outcome: AttemptOutcome, { epoch }: Circumstances): number {
  if (outcome.status === 'succeeded') return retryAfterOf(outcome.value, epoch()) ?? 0;
  if (isSwitchgearError(outcome.error)) {
    const { retryAfter } = outcome.error as { retryAfter?: unknown };
    return typeof retryAfter === 'number' && retryAfter >= 0 ? retryAfter : 0;
  }
  return retryAfterOf(outcome.error, epoch()) ?? 0;
}

function over(gaveUp: GaveUp): RetryDecision {
  return { kind: 'over', gaveUp };
}
