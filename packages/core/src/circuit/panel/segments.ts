import { Header, indexOf, type Layout, PAGE_CELLS, recordAt } from '../memory/layout.js';
import type { Memory, Wide } from '../memory/memory.js';
import { Field } from '../memory/record.js';
import { LINE_CELLS } from '../memory/totals-line.js';
import { isText, readText, type Text, writeText } from '../memory/text.js';
import { GENERATION_BITS, generationOf, Phase, phaseOf, tagOf } from '../memory/word.js';

/** What a segment is made for, in cells: `[ owner 2 | text | permits | window ]`. */
export interface Shape {
  /** Zero or a power of two, see {@link roundText}. */
  readonly text: number;
  readonly permits: number;
  readonly window: number;
}

export interface Claimed {
  readonly segment: number;
  /** Whatever was written there before belongs to this generation or an earlier one. */
  readonly lastGeneration: number;
}

const OWNER_CELLS = 2;
/** Owner of a segment that holds a text for good. */
const TEXT = -1;
const UNFINISHED_TEXT = -2;
/** Owner of a segment that is a line of totals, for good: whose it is says the line itself. */
const LINE = -3;
const LINE_SHAPE: Shape = { text: 0, permits: 0, window: LINE_CELLS - OWNER_CELLS };
const PERMIT_RANGE = 2 ** 8;
const WINDOW_RANGE = 2 ** 15;
const MAX_RECENT = 16;

/**
 * Memory in segments of many sizes.
 *
 * Pages are claimed for one shape each and keep it, so what a thread that comes late still writes into a segment lands
 * on a cell of the same meaning, under a generation nobody asks about any more. A segment belongs to the place its owner
 * cell names; it may be taken from a place that is free, or that does not link to it because its thread died half-way.
 * The owner cell carries a serial, so that of two threads only one gets it: `[ serial 13 | last generation of earlier owners 19 ]`.
 *
 * One object a thread: the memory is shared, the notes on where to look first are not.
 */
export class Segments {
  readonly #memory: Memory;
  readonly #layout: Layout;
  readonly #nextPage = new Map<number, number>();
  readonly #recent: { readonly segment: number; readonly code: number }[] = [];
  #freedSeen = 0;

  constructor(memory: Memory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
  }

  /** A segment for the place at `record`, which the caller has reserved; undefined where memory has run out. */
  claim(shape: Shape, record: number): Claimed | undefined {
    const owner = indexOf(this.#layout, record) + 1;
    const linked = this.#memory.load(record + Field.segment);
    return (
      (linked !== 0 && this.#shapeAt(linked) === shapeCode(shape) ? this.#adopt(linked, owner) : undefined) ??
      this.#claimRecent(shape, owner) ??
      this.#search(shape, owner)
    );
  }

  /** Notes that the place at `record` came free, and its segment with it. */
  released(record: number): void {
    const before = this.#memory.add(Header.freed, 1);
    if (before === this.#freedSeen) this.#freedSeen = (before + 1) | 0;
    const segment = this.#memory.load(record + Field.segment);
    if (segment === 0) return;
    // What is forgotten here has to be found by looking from the start again.
    if (this.#recent.length === MAX_RECENT) {
      this.#recent.shift();
      this.#nextPage.clear();
    }
    this.#recent.push({ segment, code: this.#shapeAt(segment) });
  }

  /**
   * A segment that holds the text for good; the same one for equal texts, but for those written at the same moment.
   *
   * @returns 0 where memory has run out
   */
  intern(text: Text): number {
    const shape = { text: roundText(text.bytes + 4), permits: 0, window: 0 };
    const memory = this.#memory;
    const known = this.#scan(shape, false, (segment) => {
      const holds =
        memory.loadWide(segment).low === TEXT &&
        memory.load(textAt(segment)) === text.bytes &&
        isText(memory, textAt(segment) + 1, text);
      return holds ? segment : undefined;
    });
    if (known !== undefined) return known;
    const segment =
      this.#scan(shape, true, (candidate) => this.#take(candidate, UNFINISHED_TEXT))?.segment ?? 0;
    if (segment === 0) return 0;
    memory.store(textAt(segment), text.bytes);
    writeText(memory, textAt(segment) + 1, text);
    memory.storeWide(segment, TEXT, 0);
    return segment;
  }

  /** The text that {@link intern} wrote. */
  textOf(segment: number): string {
    return readText(this.#memory, textAt(segment) + 1, this.#memory.load(textAt(segment)));
  }

  /**
   * A line of totals that is free; undefined where memory has run out.
   *
   * @param take makes a line the caller's, if it is free
   */
  takeLine(take: (line: number) => number | undefined): number | undefined {
    const freed = this.#memory.load(Header.freed);
    if (freed !== this.#freedSeen) this.#nextPage.clear();
    this.#freedSeen = freed;
    return this.#scan(LINE_SHAPE, true, (segment) => {
      if (this.#memory.load(segment) !== LINE) this.#take(segment, LINE);
      return take(segment);
    });
  }

  /** Visits all lines of totals. */
  eachLine(visit: (line: number) => void): void {
    this.#scan(LINE_SHAPE, false, (segment) => {
      if (this.#memory.load(segment) === LINE) visit(segment);
      return undefined;
    });
  }

  /** Notes that lines of totals came free, so that threads look for them from the start again. */
  linesReleased(): void {
    this.#memory.add(Header.freed, 1);
  }

  #claimRecent(shape: Shape, owner: number): Claimed | undefined {
    const code = shapeCode(shape);
    for (let i = this.#recent.length - 1; i >= 0; i--) {
      if (this.#recent[i].code !== code) continue;
      const [entry] = this.#recent.splice(i, 1);
      const claimed = this.#take(entry.segment, owner);
      if (claimed !== undefined) return claimed;
    }
    return undefined;
  }

  #search(shape: Shape, owner: number): Claimed | undefined {
    const freed = this.#memory.load(Header.freed);
    if (freed !== this.#freedSeen) this.#nextPage.clear();
    this.#freedSeen = freed;
    return this.#scan(shape, true, (segment) => this.#take(segment, owner));
  }

  /** Visits the segments of a shape until one is good, claiming pages for more of them on the way if allowed. */
  #scan<T>(shape: Shape, grow: boolean, visit: (segment: number) => T | undefined): T | undefined {
    const { pageTable, pages, pageCount } = this.#layout;
    const code = shapeCode(shape);
    const cells = segmentCells(shape);
    const span = pageSpan(shape);
    for (let page = grow ? (this.#nextPage.get(code) ?? 0) : 0; page + span <= pageCount;) {
      const found = this.#memory.load(pageTable + page);
      if (found === 0) {
        if (!grow) return undefined;
        // Won or lost, the page has a shape then: look at it again.
        this.#memory.compareAndSet(pageTable + page, 0, code);
        continue;
      }
      if (found === code) {
        if (grow) this.#nextPage.set(code, page);
        for (let at = 0; at + cells <= span * PAGE_CELLS; at += cells) {
          const good = visit(pages + page * PAGE_CELLS + at);
          if (good !== undefined) return good;
        }
      }
      page += pageSpan(shapeOf(found));
    }
    return undefined;
  }

  #take(segment: number, owner: number): Claimed | undefined {
    const seen = this.#memory.loadWide(segment);
    if (seen.low === owner) return undefined;
    let lastGeneration = 0;
    if (seen.low !== 0) {
      if (seen.low < 0) return undefined;
      const record = recordAt(this.#layout, seen.low - 1);
      const word = this.#memory.load(record);
      const phase = phaseOf(word);
      if (phase === Phase.reserved) return undefined;
      if (phase !== Phase.free && this.#memory.load(record + Field.segment) === segment) return undefined;
      lastGeneration = generationOf(word);
    }
    return this.#own(segment, seen, owner, lastGeneration);
  }

  /** Takes the segment a place already links to, unless another thread took it while the place was free. */
  #adopt(segment: number, owner: number): Claimed | undefined {
    const seen = this.#memory.loadWide(segment);
    return seen.low === owner ? this.#own(segment, seen, owner, 0) : undefined;
  }

  #own(segment: number, seen: Wide, owner: number, lastGeneration: number): Claimed | undefined {
    // Noted in the owner cell as well: should this thread die before its place is born later than that, the next one knows.
    const last = Math.max(lastGeneration, generationOf(tagOf(Phase.free, seen.high)));
    const serial = ((seen.high >>> GENERATION_BITS) + 1) << GENERATION_BITS;
    return this.#memory.compareAndSetWide(segment, seen, owner, serial | last)
      ? { segment, lastGeneration: last }
      : undefined;
  }

  #shapeAt(segment: number): number {
    const { pageTable, pages } = this.#layout;
    return this.#memory.load(pageTable + Math.floor((segment - pages) / PAGE_CELLS));
  }
}

/** Where a segment's text begins. */
export function textAt(segment: number): number {
  return segment + OWNER_CELLS;
}

/** Where a segment's permits begin; the window follows them. */
export function permitsAt(segment: number, shape: Shape): number {
  return segment + OWNER_CELLS + shape.text;
}

/** The cells kept for a text of so many bytes: a power of two, so that shapes stay few. */
export function roundText(bytes: number): number {
  return bytes === 0 ? 0 : 2 ** Math.max(2, Math.ceil(Math.log2(bytes / 4)));
}

function segmentCells(shape: Shape): number {
  return OWNER_CELLS + shape.text + shape.permits + shape.window;
}

function pageSpan(shape: Shape): number {
  return Math.ceil(segmentCells(shape) / PAGE_CELLS);
}

/** Different for different shapes, and never zero, which marks a page nobody claimed. */
function shapeCode(shape: Shape): number {
  const text = shape.text === 0 ? 0 : Math.log2(shape.text);
  return (text * PERMIT_RANGE + shape.permits) * WINDOW_RANGE + shape.window + 1;
}

function shapeOf(code: number): Shape {
  const window = (code - 1) % WINDOW_RANGE;
  const rest = Math.floor((code - 1) / WINDOW_RANGE);
  const text = Math.floor(rest / PERMIT_RANGE);
  return { text: text === 0 ? 0 : 2 ** text, permits: rest % PERMIT_RANGE, window };
}
