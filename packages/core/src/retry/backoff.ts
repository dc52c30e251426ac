/** How the delays between attempts are spread, so that callers who failed together do not come back together. */
export type Jitter = 'full' | 'equal' | 'decorrelated' | 'none';

/** How the delays between attempts grow: by a factor each, or by the same length each. */
export type Growth = 'exponential' | 'linear';

/** What the delays between attempts are made of. */
export interface Backoff {
  /** In ms; at most `maxDelay`. */
  readonly initialDelay: number;
  /** In ms, finite. */
  readonly maxDelay: number;
  /** At least 1. Of no meaning where delays grow linearly. */
  readonly factor: number;
  readonly growth: Growth;
  readonly jitter: Jitter;
}

/** What `decorrelated` multiplies the factor by, so that the default of 2 makes the 3 of its source. */
const DECORRELATED = 1.5;

/**
 * The longest delay before a retry, in ms: `min(maxDelay, initialDelay × factor ^ (retry − 1))`, or where delays grow linearly
 * `min(maxDelay, initialDelay × retry)`.
 *
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015, there with a factor of 2 and attempts counted from 0:
 * `min(cap, base * 2 ** attempt)`.
 *
 * @param retry 1 for the first; of any size
 */
export function ceilingOf({ initialDelay, maxDelay, factor, growth }: Backoff, retry: number): number {
  // The power of a late retry is Infinity, and nothing times Infinity is no number.
  if (initialDelay === 0) return 0;
  return Math.min(maxDelay, initialDelay * (growth === 'linear' ? retry : factor ** (retry - 1)));
}

/**
 * The delay before a retry, in whole ms, and never above `maxDelay`: the cap comes last. With `ceiling` as {@link ceilingOf} gives it
 * and `random` from 0 to 1:
 *
 * - `none`: `ceiling`
 * - `full`: `random × ceiling`
 * - `equal`: `ceiling / 2 + random × ceiling / 2`
 * - `decorrelated`: between `initialDelay` and `1.5 × factor × previous`, where `previous` is at first `initialDelay`
 *
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015, by these names. There `decorrelated` is
 * `min(cap, random_between(base, sleep * 3))`, which is what the default factor of 2 makes of it. With a factor of 1 it does not
 * grow: on average it stays at twice `initialDelay`.
 *
 * @param retry 1 for the first; of any size
 * @param previous the delay before this one, in ms; before the first, undefined
 * @param random gives numbers of at least 0 and below 1; asked once, or not at all
 */
export function delayBefore(
  backoff: Backoff,
  retry: number,
  previous: number | undefined,
  random: () => number,
): number {
  return Math.round(Math.min(backoff.maxDelay, jittered(backoff, retry, previous, random)));
}

/**
 * A part of a delay that was written out, in whole ms and never above `maxDelay`: all of it, `random × delay`, or half of it
 * and `random` of the other half.
 */
export function partOf({ maxDelay, jitter }: Backoff, delay: number, random: () => number): number {
  const part =
    jitter === 'none' ? delay : jitter === 'equal' ? (delay + random() * delay) / 2 : random() * delay;
  return Math.round(Math.min(maxDelay, part));
}

/**
 * A time by which callers who wait for the same moment come after it, in whole ms: full jitter over the backoff's ceiling, or nothing
 * where the policy wants no jitter.
 *
 * @param wait 1 for the first; of any size
 */
export function spreadAfter(backoff: Backoff, wait: number, random: () => number): number {
  return backoff.jitter === 'none'
    ? 0
    : Math.round(Math.min(backoff.maxDelay, random() * ceilingOf(backoff, wait)));
}

function jittered(
  backoff: Backoff,
  retry: number,
  previous: number | undefined,
  random: () => number,
): number {
  const { initialDelay, factor, jitter } = backoff;
  const ceiling = ceilingOf(backoff, retry);
  switch (jitter) {
    case 'none':
      return ceiling;
    case 'full':
      return random() * ceiling;
    case 'equal':
      return ceiling / 2 + random() * (ceiling / 2);
    case 'decorrelated':
      return (
        initialDelay +
        random() * (DECORRELATED * factor * Math.max(previous ?? 0, initialDelay) - initialDelay)
      );
  }
}
