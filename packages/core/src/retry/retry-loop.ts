import { type AbortSignalLike, isAborted, reasonOf } from '../call/abort.js';
import type { CallDeadline } from '../call/call-deadline.js';
import { channels, type RetryMessage } from '../call/channels.js';
import { type Frame, messageOfCall } from '../call/frame.js';
import { rememberRetryAbort } from '../call/retry-aborts.js';
import { signalsOfCall, withinDeadline } from '../call/running.js';
import { isInputUsed } from '../call/single-use.js';
import { callUser } from '../call/user-callback.js';
import { warnUser } from '../call/user-warning.js';
import { refusalOf } from '../failure/refusal-of.js';
import type { Clock } from '../time/clock.js';
import { parseDuration } from '../time/duration.js';
import { AttemptLog, type GaveUp } from './attempts.js';
import { ceilingOf } from './backoff.js';
import { BEGINNING, decide, type RetryDecision, type RetryProgress } from './decision.js';
import type { AttemptOutcome } from './attempt-outcome.js';
import type { RetrySettings } from './policy.js';
import { stopOf } from './stop-retrying.js';
import { wait } from './wait.js';

/** The outer world of retries. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: () => number;
  readonly wallClock: () => number;
}

/** One call of a retried function. */
export interface RetriedCall {
  readonly settings: RetrySettings;
  readonly surroundings: Surroundings;
  /** When the first attempt began, by the clock; undefined where time is counted from when it had failed. */
  readonly start: number | undefined;
  readonly args: readonly unknown[];
  /** What the first attempt ran under. */
  readonly frame: Frame;
  /** Of the code that made the call, or of an execution that it has handed on. */
  readonly deadline: CallDeadline | undefined;
  /** Makes a further attempt, given its number. */
  attempt(number: number): unknown;
}

/** How an attempt ended. */
export interface EndedAttempt {
  readonly outcome: AttemptOutcome;
  /** What the caller gets if this attempt is the last and was no success. */
  readonly thrown: unknown;
  readonly isStopped: boolean;
}

/** How an attempt that threw has ended. */
export function failedBy(error: unknown): EndedAttempt {
  const stop = stopOf(error);
  const thrown = stop === undefined ? error : stop.thrown;
  const refusal = refusalOf(thrown);
  const outcome: AttemptOutcome =
    refusal === undefined ? { status: 'failed', error: thrown } : { status: 'refused', error: refusal };
  return { outcome, thrown, isStopped: stop !== undefined };
}

/** How an attempt that returned has ended. */
export function succeededBy(value: unknown): EndedAttempt {
  return { outcome: { status: 'succeeded', value }, thrown: undefined, isStopped: false };
}

/**
 * Takes a call up after its first attempt, and makes further ones until one is good or the policy ends it.
 *
 * @param isFirstWanted true where the policy has been asked about the first outcome already, and wants it tried again
 * @returns the result of the last attempt
 * @throws what the last attempt threw, the same object; or the reason of the signal that ended a wait, or that aborted while
 * an attempt ran whose result the policy does not want
 */
export async function retryLoop(
  call: RetriedCall,
  first: EndedAttempt,
  isFirstWanted?: true,
): Promise<unknown> {
  const { settings, surroundings, args, frame } = call;
  const { clock } = surroundings;
  const signals = signalsOfCall(frame, args);
  const isTimed = settings.maxElapsed !== Infinity;
  const start = isTimed ? (call.start ?? clock.now()) : 0;
  const log = new AttemptLog();
  let progress: RetryProgress = BEGINNING;
  for (let ended = first; ; ended = await nextAttempt(call, log.count + 1)) {
    const { outcome } = ended;
    log.add(outcome);
    const isWanted = (): boolean =>
      (log.count === 1 && isFirstWanted === true) || isRetried(settings, outcome, log.count);
    const elapsed = isTimed ? clock.now() - start : 0;
    const decision = decideOn(call, progress, ended, signals, elapsed, isWanted);
    if (decision.kind !== 'again') {
      if (decision.kind === 'good') return (outcome as { value: unknown }).value;
      return giveUp(call, log, ended, decision.gaveUp, signals);
    }
    tellOfRetry(settings, outcome, log.count, decision.delay, progress.retries);
    if (channels.retry.hasSubscribers)
      channels.retry.publish(
        retryMessage(call, ended, log.count, decision.delay, isTimed ? elapsed : undefined),
      );
    progress = decision.progress;
    try {
      await wait(clock, decision.delay, signals);
    } catch (reason) {
      rememberRetryAbort(reason);
      tellOfEnd(settings, outcome, log.count, 'aborted');
      log.attachTo(reason, 'aborted');
      throw reason;
    }
  }
}

function decideOn(
  { settings, surroundings, args, deadline }: RetriedCall,
  progress: RetryProgress,
  { outcome, isStopped }: EndedAttempt,
  signals: readonly AbortSignalLike[],
  elapsed: number,
  isWanted: () => boolean,
): RetryDecision {
  return decide(settings, progress, outcome, {
    isWanted,
    isAborted: signals.some(isAborted),
    isStopped,
    isInputUsed: () => isInputUsed(args),
    ownDelay: (retry) => ownDelay(settings, retry, outcome),
    elapsed,
    left: deadline?.remaining() ?? Infinity,
    epoch: surroundings.wallClock,
    random: () => chance(surroundings),
  });
}

/** Ends a call whose last outcome is not good. */
function giveUp(
  { settings }: RetriedCall,
  log: AttemptLog,
  { outcome, thrown }: EndedAttempt,
  gaveUp: GaveUp,
  signals: readonly AbortSignalLike[],
): unknown {
  tellOfEnd(settings, outcome, log.count, gaveUp);
  const aborted = gaveUp === 'aborted' ? signals.find(isAborted) : undefined;
  if (outcome.status === 'succeeded') {
    if (aborted === undefined) return outcome.value;
    const reason = reasonOf(aborted);
    rememberRetryAbort(reason);
    log.attachTo(reason, gaveUp);
    throw reason;
  }
  if (aborted !== undefined) rememberRetryAbort(thrown, reasonOf(aborted));
  log.attachTo(thrown, gaveUp);
  throw thrown;
}

function retryMessage(
  { frame }: RetriedCall,
  { outcome }: EndedAttempt,
  attempt: number,
  delay: number,
  elapsed: number | undefined,
): RetryMessage {
  const call = messageOfCall(frame);
  const error = outcome.status === 'succeeded' ? undefined : outcome.error;
  return { policy: 'retry', call, key: call?.key, attempt, delay, elapsed, error };
}

function tellOfRetry(
  { onRetry, maxRetries }: RetrySettings,
  outcome: AttemptOutcome,
  attempt: number,
  delay: number,
  retries: number,
): void {
  if (onRetry !== undefined)
    callUser(() => onRetry({ outcome, attempt, delay, retriesLeft: maxRetries - retries }));
}

function tellOfEnd(
  { onGiveUp }: RetrySettings,
  outcome: AttemptOutcome,
  attempt: number,
  gaveUp: GaveUp,
): void {
  if (onGiveUp !== undefined) callUser(() => onGiveUp({ outcome, attempt, gaveUp }));
}

async function nextAttempt(call: RetriedCall, number: number): Promise<EndedAttempt> {
  try {
    return succeededBy(await withinDeadline(call.deadline, () => call.attempt(number)));
  } catch (error) {
    return failedBy(error);
  }
}

/** A number for the jitter, whatever `random` does: its fault must not take the place of the error that is told in the end. */
function chance({ random }: Surroundings): number {
  try {
    const number: unknown = random();
    if (typeof number === 'number' && number >= 0 && number < 1) return number;
    warnUser('random of a retry returned no number of at least 0 and below 1', { error: number });
  } catch (error) {
    warnUser('random of a retry threw', { error });
  }
  return MIDDLE;
}

const MIDDLE = 0.5;

/** The delay that the policy's function gives, in ms; where it gives none, the one that the backoff would have been made of. */
function ownDelay(settings: RetrySettings, retry: number, outcome: AttemptOutcome): number {
  try {
    const { delays } = settings;
    const delay: unknown = typeof delays === 'function' ? delays(retry, outcome) : undefined;
    const ms = parseDuration(delay);
    if (ms !== undefined) return ms;
    warnUser('delays of a retry returned no duration', { error: delay });
  } catch (error) {
    warnUser('delays of a retry threw', { error });
  }
  return ceilingOf(settings, retry);
}

/** Whether the policy wants an outcome tried again; a function of it that throws has said no. */
export function isRetried(settings: RetrySettings, outcome: AttemptOutcome, attempt: number): boolean {
  const { takesError, retryIf } = settings;
  if (outcome.status === 'refused') return false;
  try {
    if (outcome.status === 'failed' && takesError(outcome.error)) return true;
    return retryIf?.(outcome, attempt) === true;
  } catch (error) {
    warnUser('a function of a retry policy threw', { error });
    return false;
  }
}
