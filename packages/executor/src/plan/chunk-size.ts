/** A chunk takes about so long, in ms: long enough that messages do not count, short enough that nobody waits for the last one. */
const CHUNK_TIME = 5;
/** The rest is divided into so many chunks for each worker. */
const SHARES = 4;
const MOST = 4_096;

interface Sized {
  /** Of an item, in ms; undefined before one has run. */
  readonly itemTime: number | undefined;
  readonly left: number | undefined;
  readonly options: { readonly chunk: number | undefined };
}

/**
 * How many items go to a worker together: one until it is known how long they take, then as many as take five milliseconds, and
 * fewer towards the end, so that all workers end together.
 */
export function chunkSize({ itemTime, left, options }: Sized, workers: number): number {
  if (options.chunk !== undefined) return options.chunk;
  if (itemTime === undefined) return 1;
  const share = left === undefined ? MOST : Math.ceil(left / (SHARES * workers));
  return Math.max(1, Math.min(Math.floor(CHUNK_TIME / Math.max(itemTime, 1e-3)), share, MOST));
}
