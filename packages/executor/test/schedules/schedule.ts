/** What an item does. `unsendable` cannot even be sent to a worker. */
export type Deed = 'value' | 'slow' | 'later' | 'throws' | 'uncloneable' | 'unsendable' | 'dies' | 'diesOnce';

export interface PlannedJob {
  readonly kind: 'map' | 'mapSettled' | 'stream' | 'run';
  readonly deeds: readonly Deed[];
  readonly chunk: number | undefined;
  readonly isOrdered: boolean;
  /** When the job is aborted, in ms after it began; undefined for never. */
  readonly abortAfter: number | undefined;
}

/** What is done with one executor. */
export interface Schedule {
  readonly seed: number;
  readonly workers: number;
  readonly crashRetries: number;
  readonly recycle: { readonly items: number } | undefined;
  readonly jobs: readonly PlannedJob[];
  /** When the executor is closed, in ms after the jobs began, and how long its items may go on; undefined for when all have ended. */
  readonly close: { readonly after: number; readonly within: number } | undefined;
}

const DEEDS: readonly Deed[] = ['slow', 'later', 'throws', 'uncloneable', 'unsendable'];
const DEADLY: readonly Deed[] = ['dies', 'diesOnce'];
const KINDS = ['map', 'mapSettled', 'stream', 'run'] as const;
const MAX_JOBS = 6;
const MAX_ITEMS = 40;

/**
 * A schedule that a seed decides.
 *
 * @param random numbers of at least 0 and below 1, which the seed decides
 * @param hasDeaths whether items may kill their workers
 */
export function scheduleOf(seed: number, random: () => number, hasDeaths: boolean): Schedule {
  const below = (limit: number): number => Math.floor(random() * limit);
  const chance = (share: number): boolean => random() < share;
  const pick = <T>(list: readonly T[]): T => list[below(list.length)];
  const deed = (): Deed => {
    if (hasDeaths && chance(0.03)) return pick(DEADLY);
    return chance(0.7) ? 'value' : pick(DEEDS);
  };
  const job = (): PlannedJob => {
    const kind = pick(KINDS);
    const isPure = chance(0.3);
    const length = kind === 'run' ? 1 : below(MAX_ITEMS);
    return {
      kind,
      deeds: Array.from({ length }, () => (isPure ? 'value' : deed())),
      chunk: chance(0.3) ? 1 + below(8) : undefined,
      isOrdered: chance(0.5),
      abortAfter: chance(0.15) ? below(30) : undefined,
    };
  };
  return {
    seed,
    workers: 1 + below(3),
    crashRetries: below(3),
    recycle: chance(0.2) ? { items: 1 + below(20) } : undefined,
    jobs: Array.from({ length: 1 + below(MAX_JOBS) }, job),
    close: chance(0.3) ? { after: below(60), within: below(40) } : undefined,
  };
}
