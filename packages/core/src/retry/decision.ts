import { tryRead } from '../errors/try-read.js';
import type { RefusalError } from '../errors/refusal-error.js';
import { refusalFailure } from '../failure/own-errors.js';
import { retryAfterOf } from '../failure/retry-after-of.js';
import type { GaveUp } from './attempts.js';
import { delayBefore, partOf, spreadAfter } from './backoff.js';
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

/** What a decision depends on besides the policy and the outcome. */
export interface Circumstances {
  /** Whether the policy wants this outcome tried again; not asked about refusals. */
  readonly isWanted: () => boolean;
  readonly isAborted: boolean;
  /** Whether the function said that no attempt can mend this. */
  readonly isStopped: boolean;
  /** Whether an input that can be used only once has been used. */
  readonly isInputUsed: () => boolean;
  /** The delay that the policy's own function gives before a retry, in ms. */
  readonly ownDelay: (retry: number) => number;
  /** Ms since `maxElapsed` counts. */
  readonly elapsed: number;
  /** Ms until the call's deadline; `Infinity` where it has none. */
  readonly left: number;
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
  const { isAborted, isStopped, isWanted, isInputUsed } = circumstances;
  const isGood = outcome.status === 'succeeded';
  if (!isGood && isAborted) return over('aborted');
  if (isStopped) return over('stopped');
  if (outcome.status === 'refused') return waitForCircuit(settings, progress, outcome.error, circumstances);
  if (!isWanted()) return isGood ? { kind: 'good' } : over('not-retryable');
  if (isAborted) return over('aborted');
  if (progress.retries >= settings.maxRetries) return over('no-retries-left');
  if (isInputUsed()) return over('input-used');
  const retries = progress.retries + 1;
  const previous = delayOf(settings, retries, progress.previous, circumstances);
  const asked = settings.respectRetryAfter ? askedDelay(outcome, circumstances) : 0;
  const delay = Math.max(previous, asked);
  if (isTooLong(settings, delay, circumstances)) return over('no-time-left');
  if (asked > settings.maxRetryAfter) return over('retry-after-too-long');
  return { kind: 'again', delay, progress: { retries, waits: 0, previous } };
}

function delayOf(
  settings: RetrySettings,
  retry: number,
  previous: number | undefined,
  { random, ownDelay }: Circumstances,
): number {
  const { delays } = settings;
  if (delays === undefined) return delayBefore(settings, retry, previous, random);
  const delay = typeof delays === 'function' ? ownDelay(retry) : delays[Math.min(retry, delays.length) - 1];
  return partOf(settings, delay, random);
}

function waitForCircuit(
  settings: RetrySettings,
  progress: RetryProgress,
  refusal: RefusalError,
  circumstances: Circumstances,
): RetryDecision {
  const { retryAfter } = refusalFailure(refusal);
  // A circuit in an operator's hand knows no time to wait for.
  if (!settings.waitForCircuit || retryAfter === undefined) return over('refused');
  if (circumstances.isInputUsed()) return over('input-used');
  const waits = progress.waits + 1;
  const { random } = circumstances;
  const spread = { ...settings, jitter: settings.waitJitter };
  // Half-open, `retryAfter` is when a hung probe expires; probes that answer free their places much earlier.
  const wait = tryRead(() => refusal.mayComeEarlier)
    ? Math.min(retryAfter, delayBefore({ ...settings, jitter: 'equal' }, waits, undefined, random))
    : retryAfter + spreadAfter(spread, waits, random);
  const delay = Math.max(wait, MIN_WAIT_MS);
  if (isTooLong(settings, delay, circumstances)) return over('no-time-left');
  return { kind: 'again', delay, progress: { ...progress, waits } };
}

function isTooLong({ maxElapsed }: RetrySettings, delay: number, { elapsed, left }: Circumstances): boolean {
  // An attempt that begins when the deadline is over would have no time.
  return elapsed + delay > maxElapsed || delay >= left;
}

/** How long the other side, or an error of ours that is no refusal, asks to wait, in ms. */
function askedDelay(outcome: AttemptOutcome, { epoch }: Circumstances): number {
  const source = outcome.status === 'succeeded' ? outcome.value : outcome.error;
  return retryAfterOf(source, epoch) ?? 0;
}

function over(gaveUp: GaveUp): RetryDecision {
  return { kind: 'over', gaveUp };
}
