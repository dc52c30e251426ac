import type { Item } from '../job/item.js';
import { LaneMemory, MAX_CHUNKS_IN_HAND } from '../protocol/lane-memory.js';
import type { Chunk } from './chunk.js';

/** The chunks that a worker has in hand, each in a slot of the memory that the lane and the worker share. */
export class Hand {
  readonly memory: LaneMemory = new LaneMemory();
  readonly #slots = new Array<Chunk | undefined>(MAX_CHUNKS_IN_HAND).fill(undefined);

  /** @param measuresHeap whether the worker reports the size of its heap after each chunk */
  constructor(measuresHeap = false) {
    if (measuresHeap) this.memory.measureHeap();
  }

  get isEmpty(): boolean {
    return this.#slots.every((chunk) => chunk === undefined);
  }

  get isFull(): boolean {
    return this.#slots.every((chunk) => chunk !== undefined);
  }

  /** In the order in which the worker takes them. */
  get chunks(): readonly Chunk[] {
    return this.#slots.filter((chunk) => chunk !== undefined).sort((one, other) => one.id - other.id);
  }

  /** The chunk that the worker takes first. */
  get first(): Chunk | undefined {
    let first: Chunk | undefined;
    for (const chunk of this.#slots) {
      if (chunk !== undefined && (first === undefined || chunk.id < first.id)) first = chunk;
    }
    return first;
  }

  /** @returns the slot of the chunk */
  add(chunk: Chunk): number {
    const slot = this.#slots.indexOf(undefined);
    this.#slots[slot] = chunk;
    this.memory.offer(slot);
    return slot;
  }

  remove(chunk: Chunk): void {
    this.#slots[this.#slots.indexOf(chunk)] = undefined;
  }

  clear(): void {
    this.#slots.fill(undefined);
  }

  /** How many items of a chunk the worker has begun. */
  begunCount(chunk: Chunk): number {
    return this.memory.begunCount(this.#slots.indexOf(chunk));
  }

  /** Takes back the items of a chunk that the worker has not begun, and now never will. The chunk stays until the worker is done with it. */
  recall(chunk: Chunk): readonly Item[] {
    return chunk.removeFrom(this.memory.recall(this.#slots.indexOf(chunk)));
  }

  /** The item that the worker is running; undefined between items, and for one whose outcome has come. */
  get running(): Item | undefined {
    const { running } = this.memory;
    if (running === undefined) return undefined;
    const chunk = this.#slots[running.slot];
    const offset = running.begunCount - 1;
    return chunk !== undefined && offset >= chunk.settledCount ? chunk.items[offset] : undefined;
  }
}
