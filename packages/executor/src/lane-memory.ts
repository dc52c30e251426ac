/** So many chunks a worker has in hand at most: one that it works on, and one that waits. */
export const IN_HAND = 2;

const Cell = { running: 0, chunks: 1 } as const;
const NOTHING = -1;

/** Of a chunk's cell, so many bits count the items that were begun; the next ones tell whose chunk it is, the last one that it is over. */
const COUNT_BITS = 20;
const COUNT = (1 << COUNT_BITS) - 1;
const RECALLED = 1 << 31;
/** More items no chunk can have. */
export const MOST_IN_CHUNK: number = COUNT;

/**
 * What a lane and its worker share: how many items of each chunk the worker has begun, and which chunk it is running. Both change it by
 * one atomic operation each, so that an item that the lane takes back is never begun, and the other way round.
 */
export class LaneMemory {
  readonly cells: Int32Array;

  /** @param cells those that the other side has made */
  constructor(cells: Int32Array = new Int32Array(new SharedArrayBuffer((1 + IN_HAND) * 4)).fill(NOTHING)) {
    this.cells = cells;
  }

  /** The lane: a chunk goes to the worker. */
  offer(slot: number, chunk: number): void {
    Atomics.store(this.cells, Cell.chunks + slot, tagged(chunk, 0));
  }

  /** The lane: nothing more of it is to be begun. Returns how many items were. */
  recall(slot: number): number {
    return Atomics.or(this.cells, Cell.chunks + slot, RECALLED) & COUNT;
  }

  begun(slot: number): number {
    return Atomics.load(this.cells, Cell.chunks + slot) & COUNT;
  }

  /** Which slot's chunk has an item running, and how many of it were begun with that one; undefined between items. */
  get running(): { readonly slot: number; readonly begun: number } | undefined {
    const slot = Atomics.load(this.cells, Cell.running);
    return slot === NOTHING ? undefined : { slot, begun: this.begun(slot) };
  }

  /** The worker: whether the item may be run, and then it has begun. */
  begin(slot: number, chunk: number, offset: number): boolean {
    const before = tagged(chunk, offset);
    const isOurs = Atomics.compareExchange(this.cells, Cell.chunks + slot, before, before + 1) === before;
    if (isOurs) Atomics.store(this.cells, Cell.running, slot);
    return isOurs;
  }

  /** The worker: the item has run. */
  end(): void {
    Atomics.store(this.cells, Cell.running, NOTHING);
  }
}

function tagged(chunk: number, begun: number): number {
  return ((chunk << COUNT_BITS) & ~RECALLED) | begun;
}
