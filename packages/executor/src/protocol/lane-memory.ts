/** A worker has at most 2 chunks in hand: one that it works on, and one that waits. */
export const MAX_CHUNKS_IN_HAND = 2;

const Cell = {
  running: 0,
  chunks: 1,
  importing: 1 + MAX_CHUNKS_IN_HAND,
  heap: 2 + MAX_CHUNKS_IN_HAND,
} as const;
const CELLS = 3 + MAX_CHUNKS_IN_HAND;
const BYTES_PER_MB = 1_048_576;
/** The value of the running cell between items. */
const NO_SLOT = -1;

/** In this cell the worker's bootstrap writes which of its modules it is importing, by their order, and at last {@link ALL_IMPORTED}. */
export const IMPORTING_CELL: number = Cell.importing;
export const ALL_IMPORTED = -2;

/** A chunk's cell counts in its low 31 bits the items that were begun. Its high bit says that the rest was taken back. */
const RECALLED = 1 << 31;

/**
 * The memory that a lane and its worker share: how many items of each chunk the worker has begun, which chunk it is running, and what it is
 * importing. The worker begins an item, and the lane takes back the rest of a chunk, by one atomic operation on the same cell. So an item is
 * either begun or taken back, never both.
 */
export class LaneMemory {
  readonly cells: Int32Array;

  /** @param cells the cells that the lane has made; default new ones */
  constructor(cells: Int32Array = new Int32Array(new SharedArrayBuffer(CELLS * 4)).fill(NO_SLOT)) {
    this.cells = cells;
  }

  /** The lane: a chunk goes to the worker in this slot. The worker is done with the chunk that was there before. */
  offer(slot: number): void {
    Atomics.store(this.cells, Cell.chunks + slot, 0);
  }

  /** The lane: no further item of the chunk may begin. Returns how many have begun. */
  recall(slot: number): number {
    return Atomics.or(this.cells, Cell.chunks + slot, RECALLED) & ~RECALLED;
  }

  begunCount(slot: number): number {
    return Atomics.load(this.cells, Cell.chunks + slot) & ~RECALLED;
  }

  /** The slot of the chunk that has an item running, and how many of its items have begun, with that one; undefined between items. */
  get running(): { readonly slot: number; readonly begunCount: number } | undefined {
    const slot = Atomics.load(this.cells, Cell.running);
    return slot === NO_SLOT ? undefined : { slot, begunCount: this.begunCount(slot) };
  }

  /** The lane: the place of the module that the worker is importing before it is ready, counted from 0; undefined before the first one. */
  get importing(): number | undefined {
    const place = Atomics.load(this.cells, Cell.importing);
    return place < 0 ? undefined : place;
  }

  /** The lane: whether the worker has imported everything that it imports before it is ready. */
  get hasImported(): boolean {
    return Atomics.load(this.cells, Cell.importing) === ALL_IMPORTED;
  }

  /** The lane: has the worker measure its heap after each chunk. */
  measureHeap(): void {
    Atomics.store(this.cells, Cell.heap, 0);
  }

  /** The lane: the heap of the worker after its last chunk, in MB; undefined if it is not measured. */
  get heap(): number | undefined {
    const size = Atomics.load(this.cells, Cell.heap);
    return size < 0 ? undefined : size;
  }

  /** The worker: says how large its heap is, if the lane wants to know. */
  reportHeap(bytes: () => number): void {
    if (Atomics.load(this.cells, Cell.heap) < 0) return;
    Atomics.store(this.cells, Cell.heap, Math.round(bytes() / BYTES_PER_MB));
  }

  /** The worker: begins an item. Returns false if it was taken back. */
  begin(slot: number, offset: number): boolean {
    const isStillWanted =
      Atomics.compareExchange(this.cells, Cell.chunks + slot, offset, offset + 1) === offset;
    if (isStillWanted) Atomics.store(this.cells, Cell.running, slot);
    return isStillWanted;
  }

  /** The worker: the item has run. */
  end(): void {
    Atomics.store(this.cells, Cell.running, NO_SLOT);
  }
}
