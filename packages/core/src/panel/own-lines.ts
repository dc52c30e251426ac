/** How many of its own lines a thread looks at for one whose record has gone, before it takes another. */
const MAX_LOOKS = 16;

/** Through what a thread uses one of its lines. */
export interface LineHolder {
  readonly at: number;
  /** The line is not this holder's any more: its record has gone, or the thread is about to end. */
  detach(): void;
}

interface Ring {
  readonly holders: LineHolder[];
  hand: number;
}

/** The lines of one thread, by purpose. */
export class OwnLines {
  readonly #isFree: (line: number) => boolean;
  readonly #rings = new Map<number, Ring>();

  /** @param isFree whether the record of a line has gone */
  constructor(isFree: (line: number) => boolean) {
    this.#isFree = isFree;
  }

  add(purpose: number, holder: LineHolder): void {
    const ring = this.#rings.get(purpose);
    if (ring === undefined) this.#rings.set(purpose, { holders: [holder], hand: 0 });
    else ring.holders.push(holder);
  }

  /** A line whose record has gone. The caller adds it again. */
  reuse(purpose: number): number | undefined {
    const ring = this.#rings.get(purpose);
    if (ring === undefined) return undefined;
    const { holders } = ring;
    for (let looks = Math.min(MAX_LOOKS, holders.length); looks > 0; looks--) {
      ring.hand = (ring.hand + 1) % holders.length;
      const holder = holders[ring.hand];
      if (!this.#isFree(holder.at)) continue;
      const { at } = holder;
      holder.detach();
      const last = holders.pop();
      if (last !== undefined && last !== holder) holders[ring.hand] = last;
      return at;
    }
    return undefined;
  }

  *all(): Generator<LineHolder> {
    for (const { holders } of this.#rings.values()) yield* holders;
  }
}
