/** A chunk takes about so long, in ms: long enough that messages do not count. What is not begun of it can be taken back … */
const CHUNK_TIME = 20;
/** … but not always; then nobody is to wait long for the last one. */
const INDIVISIBLE_CHUNK_TIME = 5;
/** The rest is divided into so many chunks for each worker. */
const SHARES = 4;
const MOST = 4_096;

interface Sized {
  /** Of an item, in ms; undefined before one has run. */
  readonly itemTime: number | undefined;
  readonly left: number | undefined;
  /** Whether a worker that is idle may get what another one has not begun. */
  readonly isDivisible: boolean;
  readonly options: { readonly chunk: number | undefined };
}

/**
 * How many items go to a worker together: one until it is known how long they take, then as many as take some milliseconds, and fewer
 * towards the end, so that all workers end together.
 */
export function chunkSize({ itemTime, left, isDivisible, options }: Sized, workers: number): number {
  if (options.chunk !== undefined) return options.chunk;
  if (itemTime === undefined) return 1;
  const time = isDivisible ? CHUNK_TIME : INDIVISIBLE_CHUNK_TIME;
  const share = left === undefined ? MOST : Math.ceil(left / (SHARES * workers));
  return Math.max(1, Math.min(Math.floor(time / Math.max(itemTime, 1e-3)), share, MOST));
}
