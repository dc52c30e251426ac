import { rememberRetryAbort } from '../call/retry-aborts.js';
import { callUser, warn } from '../call/user-callback.js';
import type { Clock } from '../time/clock.js';
import { AttemptLog } from './attempts.js';
import { BEGINNING, decide, type RetryProgress } from './decision.js';
import type { AttemptOutcome, RetrySettings } from './policy.js';
import { signalsOf, wait } from './wait.js';

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
  readonly fn: (this: never, ...args: never[]) => unknown;
  readonly self: unknown;
  readonly args: readonly unknown[];
}

/**
 * Takes a call up after its first attempt, and makes further ones until one is good or the policy ends it.
 *
 * @param isFirstWanted true where the policy has been asked about the first outcome already, and wants it tried again
 * @returns the result of the last attempt
 * @throws what the last attempt threw, the same object; or the reason of the signal that ended a wait
 */
export async function retryLoop(
  call: RetriedCall,
  first: AttemptOutcome,
  isFirstWanted?: true,
): Promise<unknown> {
  const { settings, surroundings, args } = call;
  const { clock, wallClock } = surroundings;
  const signals = signalsOf(settings.signal, args);
  const isTimed = settings.maxElapsed !== Infinity;
  const start = isTimed ? (call.start ?? clock.now()) : 0;
  const log = new AttemptLog();
  let progress: RetryProgress = BEGINNING;
  for (let outcome = first; ; outcome = await outcomeOf(call)) {
    log.add(outcome);
    const verdict = decide(settings, progress, outcome, {
      isWanted: () => (log.count === 1 && isFirstWanted === true) || isRetried(settings, outcome, log.count),
      isAborted: signals.some(({ aborted }) => aborted),
      elapsed: isTimed ? clock.now() - start : 0,
      epoch: wallClock,
      random: () => chance(surroundings),
    });
    if (verdict.kind !== 'again') {
      if (outcome.status === 'succeeded') return outcome.value;
      if (verdict.kind === 'over') log.attachTo(outcome.error, verdict.gaveUp);
      throw outcome.error;
    }
    const { delay } = verdict;
    progress = verdict.progress;
    const { onRetry } = settings;
    const error = outcome.status === 'failed' ? outcome.error : undefined;
    if (onRetry !== undefined) callUser(() => onRetry(error, log.count, delay));
    try {
      await wait(clock, delay, signals);
    } catch (reason) {
      rememberRetryAbort(reason);
      log.attachTo(reason, 'aborted');
      throw reason;
    }
  }
}

async function outcomeOf({ fn, self, args }: RetriedCall): Promise<AttemptOutcome> {
  try {
    return { status: 'succeeded', value: await Reflect.apply(fn, self, args) };
  } catch (error) {
    return { status: 'failed', error };
  }
}

/** A number for the jitter, whatever `random` does: its fault must not take the place of the error that is told in the end. */
function chance({ random }: Surroundings): number {
  try {
    const number: unknown = random();
    if (typeof number === 'number' && number >= 0 && number < 1) return number;
    warn('random of a retry returned no number of at least 0 and below 1', number);
  } catch (error) {
    warn('random of a retry threw', error);
  }
  return MIDDLE;
}

const MIDDLE = 0.5;

/** Whether the policy wants an outcome tried again; a function of it that throws has said no. */
export function isRetried(settings: RetrySettings, outcome: AttemptOutcome, attempt: number): boolean {
  const { takesError, retryIf } = settings;
  try {
    if (outcome.status === 'failed' && takesError(outcome.error)) return true;
    return retryIf?.(outcome, attempt) === true;
  } catch (error) {
    warn('a function of a retry policy threw', error);
    return false;
  }
}
