/** A worker has at most 2 chunks in hand: one that it works on, and one that waits. */
export const MAX_CHUNKS_IN_HAND = 2;

const Cell = { running: 0, chunks: 1, importing: 1 + MAX_CHUNKS_IN_HAND } as const;
const CELLS = 2 + MAX_CHUNKS_IN_HAND;
/** The value of the running cell between items. */
const NO_SLOT = -1;

/** In this cell the worker's bootstrap writes which of its modules it is importing, by their order, and at last {@link ALL_IMPORTED}. */
export const IMPORTING_CELL: number = Cell.importing;
export const ALL_IMPORTED = -2;

/** Of a chunk's cell all bits count the items that were begun, but for the last one, which says that it is over. */
const RECALLED = 1 << 31;

/**
 * What a lane and its worker share: how many items of each chunk the worker has begun, and which chunk it is running. Both change it by
 * one atomic operation each, so that an item that the lane takes back is never begun, and the other way round.
 */
export class LaneMemory {
  readonly cells: Int32Array;

  /** @param cells those that the other side has made */
  constructor(cells: Int32Array = new Int32Array(new SharedArrayBuffer(CELLS * 4)).fill(NO_SLOT)) {
    this.cells = cells;
  }

  /** The lane: a chunk goes to the worker, in the place of one of which it has said that it is done. */
  offer(slot: number): void {
    Atomics.store(this.cells, Cell.chunks + slot, 0);
  }

  /** The lane: nothing more of it is to be begun. Returns how many items were. */
  recall(slot: number): number {
    return Atomics.or(this.cells, Cell.chunks + slot, RECALLED) & ~RECALLED;
  }

  begunCount(slot: number): number {
    return Atomics.load(this.cells, Cell.chunks + slot) & ~RECALLED;
  }

  /** Which slot's chunk has an item running, and how many of it were begun with that one; undefined between items. */
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

  /** The worker: whether the item may be run, and then it has begun. */
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
