import { isAsyncFunction } from '../call/function-kind.js';
import type { OptionReader } from '../options/option-reader.js';
import { formatLimit, parseDuration } from '../time/duration.js';
import type { Backoff } from './backoff.js';
import type { RetryPolicy, RetrySettings } from './policy.js';

/** A year, in ms. */
export const MAX_DURATION: number = 365 * 86_400_000;
const DEFAULT_INITIAL_DELAY = 100;
const DEFAULT_MAX_DELAY = 60_000;

type DelaySettings = Pick<RetrySettings, keyof Backoff | 'delays' | 'waitJitter'>;

/** Reads all that delays are made of. */
export function readDelays(read: OptionReader<RetryPolicy>, maxElapsed: number): DelaySettings {
  const hasDelays = read.raw('delays') !== undefined;
  const maxDelay = read.duration('maxDelay', {
    default: hasDelays ? MAX_DURATION : DEFAULT_MAX_DELAY,
    max: MAX_DURATION,
  });
  const delays = readList(read, maxDelay, maxElapsed);
  const initialDelay = readInitialDelay(read, maxDelay, maxElapsed);
  const factor = read.number('factor', { default: 2, min: 1, max: 1000 });
  const growth = read.oneOf('growth', ['exponential', 'linear'], { default: 'exponential' });
  const jitters = ['full', 'equal', 'decorrelated', 'none'] as const;
  const jitter = read.oneOf('jitter', jitters, { default: hasDelays ? 'none' : 'full' });
  if (hasDelays) refuseBeside(read, jitter === 'decorrelated');
  else if (growth === 'linear') {
    if (read.raw('factor') !== undefined) {
      read.fault('factor', "nothing beside growth: 'linear', which has no factor");
    }
    if (jitter === 'decorrelated') {
      read.fault('jitter', "another one beside growth: 'linear', for 'decorrelated' has a growth of its own");
    }
  }
  // A crowd that waits for one circuit is spread unless the policy says not to.
  const waitJitter = read.raw('jitter') === undefined ? 'full' : jitter;
  return { initialDelay, maxDelay, factor, growth, jitter, waitJitter, delays };
}

/** What has no meaning beside a list of delays, or a function for them. */
function refuseBeside(read: OptionReader<RetryPolicy>, isDecorrelated: boolean): void {
  for (const name of ['initialDelay', 'factor', 'growth'] as const) {
    if (read.raw(name) !== undefined) read.fault(name, 'nothing beside delays, which says the same');
  }
  if (isDecorrelated) {
    read.fault('jitter', "'none', 'full' or 'equal' beside delays, for 'decorrelated' makes its own delays");
  }
}

function readInitialDelay(read: OptionReader<RetryPolicy>, maxDelay: number, maxElapsed: number): number {
  const initialDelay = read.duration('initialDelay', {
    default: Math.min(DEFAULT_INITIAL_DELAY, maxDelay),
    max: MAX_DURATION,
  });
  if (initialDelay > maxDelay && !read.isFaulty('maxDelay')) {
    read.fault('initialDelay', `a duration of at most maxDelay, which is ${formatLimit(maxDelay)}`);
  }
  if (isNeverReached(read, initialDelay, maxElapsed)) read.fault('initialDelay', reachable(maxElapsed));
  return initialDelay;
}

function readList(
  read: OptionReader<RetryPolicy>,
  maxDelay: number,
  maxElapsed: number,
): RetrySettings['delays'] {
  const delays = read.raw('delays');
  if (delays === undefined) return undefined;
  if (typeof delays === 'function' && !isAsyncFunction(delays)) {
    return delays as Extract<RetrySettings['delays'], (...args: never[]) => unknown>;
  }
  if (!Array.isArray(delays) || delays.length === 0) {
    read.fault('delays', 'a list of one duration or more, or a function that returns one, at once');
    return undefined;
  }
  return delays.map((delay: unknown, i) => {
    const ms = parseDuration(delay);
    const path = `delays[${i}]` as const;
    if (ms === undefined || ms > MAX_DURATION) {
      read.fault(path, "a duration, in milliseconds or as text such as '30s'", delay);
    } else if (ms > maxDelay && !read.isFaulty('maxDelay')) {
      read.fault(path, `a duration of at most maxDelay, which is ${formatLimit(maxDelay)}`, delay);
    } else if (i === 0 && isNeverReached(read, ms, maxElapsed)) {
      read.fault(path, reachable(maxElapsed), delay);
    }
    return ms ?? 0;
  });
}

/** Written out it may be meant; by default it would be a retry that never comes, and nobody would know why. */
function isNeverReached(read: OptionReader<RetryPolicy>, delay: number, maxElapsed: number): boolean {
  return delay > maxElapsed && read.raw('maxElapsed') === undefined;
}

function reachable(maxElapsed: number): string {
  return `a duration of at most ${formatLimit(maxElapsed)}, unless maxElapsed allows more`;
}
