import type { TotalsLine } from '../circuit/memory/totals-line.js';

/** How many of its own lines a thread looks at for one whose circuit has gone, before it takes another. */
const MAX_LOOKS = 16;

interface Ring {
  readonly lines: TotalsLine[];
  hand: number;
}

/** The lines of totals in which one thread counts, by the line of code that declared their circuits. */
export class OwnLines {
  readonly #isFree: (line: number) => boolean;
  readonly #rings = new Map<number, Ring>();

  /** @param isFree whether the circuit of a line has gone */
  constructor(isFree: (line: number) => boolean) {
    this.#isFree = isFree;
  }

  add(site: number, line: TotalsLine): void {
    const ring = this.#rings.get(site);
    if (ring === undefined) this.#rings.set(site, { lines: [line], hand: 0 });
    else ring.lines.push(line);
  }

  /** A line whose circuit has gone. The caller adds it again. */
  reuse(site: number): number | undefined {
    const ring = this.#rings.get(site);
    if (ring === undefined) return undefined;
    const { lines } = ring;
    for (let looks = Math.min(MAX_LOOKS, lines.length); looks > 0; looks--) {
      ring.hand = (ring.hand + 1) % lines.length;
      const line = lines[ring.hand];
      if (!this.#isFree(line.at)) continue;
      const { at } = line;
      line.detach();
      const last = lines.pop();
      if (last !== undefined && last !== line) lines[ring.hand] = last;
      return at;
    }
    return undefined;
  }

  *all(): Generator<TotalsLine> {
    for (const { lines } of this.#rings.values()) yield* lines;
  }
}
