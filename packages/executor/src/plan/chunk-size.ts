/** How long a chunk should take: long enough that the cost of its messages does not matter. */
const CHUNK_MS = 20;
/** The same for a chunk that cannot be taken back from its worker: shorter, so that at the end no worker has much more left than the others. */
const INDIVISIBLE_CHUNK_MS = 5;
/** Towards the end, what is left is divided into this many chunks for each worker. */
const CHUNKS_PER_WORKER = 4;
/** The largest chunk, however short its items are. */
const MAX_CHUNK_ITEMS = 4_096;

interface Sized {
  /** How long an item takes, in ms; undefined before one has run. */
  readonly itemTime: number | undefined;
  readonly left: number | undefined;
  /** Whether an idle worker may get items that another one has not begun. */
  readonly isDivisible: boolean;
  readonly options: { readonly chunk: number | undefined };
}

/**
 * How many items go to a worker together: one before any has run, then as many as take 20 ms (5 ms if none can be taken back), and fewer towards the end, so that all workers
 * end together.
 */
export function chunkSize({ itemTime, left, isDivisible, options }: Sized, workers: number): number {
  if (options.chunk !== undefined) return options.chunk;
  if (itemTime === undefined) return 1;
  const time = isDivisible ? CHUNK_MS : INDIVISIBLE_CHUNK_MS;
  const share = left === undefined ? MAX_CHUNK_ITEMS : Math.ceil(left / (CHUNKS_PER_WORKER * workers));
  return Math.max(1, Math.min(Math.floor(time / Math.max(itemTime, 1e-3)), share, MAX_CHUNK_ITEMS));
}
