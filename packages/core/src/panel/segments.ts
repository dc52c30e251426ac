import { Header, indexOf, type Layout, PAGE_CELLS, recordAt } from './layout.js';
import type { Memory, Wide } from './memory.js';
import { Field } from './record.js';
import { LINE_CELLS } from './thread-line.js';
import { isText, readText, type Text, writeText } from './text.js';
import { Stage, stageOf, GENERATION_BITS, generationOf, tagOf } from './word.js';

/**
 * The parts of a segment, in cells: `[ owner 2 | text | head | body ]`. Head and body belong to the kind of the record. A circuit
 * has its permits in the head, and its window in the body.
 */
export interface Shape {
  /** Zero or a power of two, see {@link roundText}. */
  readonly text: number;
  readonly head: number;
  readonly body: number;
}

export interface Claimed {
  readonly segment: number;
  /** The last generation of the earlier owners: all their writes carry it, or an earlier one. */
  readonly lastGeneration: number;
}

const OWNER_CELLS = 2;
/** The owner of a segment that holds a text for good. */
const TEXT = -1;
const UNFINISHED_TEXT = -2;
/** Owner of a segment that is a line of totals, for good: whose it is says the line itself. */
const LINE = -3;
const LINE_SHAPE: Shape = { text: 0, head: 0, body: LINE_CELLS - OWNER_CELLS };
const HEAD_RANGE = 2 ** 8;
const BODY_RANGE = 2 ** 15;
const MAX_RECENT = 16;

/**
 * The segments of a panel.
 *
 * **Shapes.** Each page is claimed for segments of one shape, and keeps the shape for good. So a late write of a thread
 * that had the segment before lands on a cell of the same meaning, with a generation that no longer counts.
 *
 * **Owners.** A segment belongs to the record that its owner cell names. It can be taken if that record is free, or has no
 * link to the segment because its thread died half-way. The high half of the owner cell is
 * `[ serial 13 | last generation of earlier owners 19 ]`: because of the serial, only one of two threads gets the segment.
 *
 * Each thread has one object. The memory is shared; the fields, which say where to look first, are not.
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

  /** A segment for the record at `record`, which the caller has reserved; undefined where no memory is left. */
  claim(shape: Shape, record: number): Claimed | undefined {
    const owner = indexOf(this.#layout, record) + 1;
    const linked = this.#memory.load(record + Field.segment);
    return (
      (linked !== 0 && this.#shapeAt(linked) === shapeCode(shape) ? this.#adopt(linked, owner) : undefined) ??
      this.#claimRecent(shape, owner) ??
      this.#search(shape, owner)
    );
  }

  /** Notes that the record at `record` came free, and its segment with it. */
  released(record: number): void {
    const before = this.#memory.add(Header.freed, 1);
    if (before === this.#freedSeen) this.#freedSeen = (before + 1) | 0;
    const segment = this.#memory.load(record + Field.segment);
    if (segment === 0) return;
    // A segment that is dropped from the list is found again by a search from the first page.
    if (this.#recent.length === MAX_RECENT) {
      this.#recent.shift();
      this.#nextPage.clear();
    }
    this.#recent.push({ segment, code: this.#shapeAt(segment) });
  }

  /**
   * A segment that holds the text for good. Equal texts share a segment, unless two threads write them at the same moment.
   *
   * @returns 0 where no memory is left
   */
  intern(text: Text): number {
    const shape = { text: roundText(text.bytes + 4), head: 0, body: 0 };
    const memory = this.#memory;
    const existing = this.#scan(shape, false, (segment) => {
      const holds =
        memory.loadWide(segment).low === TEXT &&
        memory.load(textAt(segment)) === text.bytes &&
        isText(memory, textAt(segment) + 1, text);
      return holds ? segment : undefined;
    });
    if (existing !== undefined) return existing;
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
      const claim = this.#take(entry.segment, owner);
      if (claim !== undefined) return claim;
    }
    return undefined;
  }

  #search(shape: Shape, owner: number): Claimed | undefined {
    const freed = this.#memory.load(Header.freed);
    if (freed !== this.#freedSeen) this.#nextPage.clear();
    this.#freedSeen = freed;
    return this.#scan(shape, true, (segment) => this.#take(segment, owner));
  }

  /** Visits the segments of a shape until `visit` returns a result. With `grow`, claims more pages for the shape. */
  #scan<T>(shape: Shape, grow: boolean, visit: (segment: number) => T | undefined): T | undefined {
    const { pageTable, pages, pageCount } = this.#layout;
    const code = shapeCode(shape);
    const cells = segmentCells(shape);
    const span = pageSpan(shape);
    for (let page = grow ? (this.#nextPage.get(code) ?? 0) : 0; page + span <= pageCount;) {
      const pageCode = this.#memory.load(pageTable + page);
      if (pageCode === 0) {
        if (!grow) return undefined;
        // Whichever thread wins, the page has a shape afterwards: read it again.
        this.#memory.compareAndSet(pageTable + page, 0, code);
        continue;
      }
      if (pageCode === code) {
        if (grow) this.#nextPage.set(code, page);
        for (let at = 0; at + cells <= span * PAGE_CELLS; at += cells) {
          const result = visit(pages + page * PAGE_CELLS + at);
          if (result !== undefined) return result;
        }
      }
      page += pageSpan(shapeOf(pageCode));
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
      const phase = stageOf(word);
      if (phase === Stage.reserved) return undefined;
      if (phase !== Stage.free && this.#memory.load(record + Field.segment) === segment) return undefined;
      lastGeneration = generationOf(word);
    }
    return this.#own(segment, seen, owner, lastGeneration);
  }

  /** Takes the segment that a record links to already, unless another thread took it while the record was free. */
  #adopt(segment: number, owner: number): Claimed | undefined {
    const seen = this.#memory.loadWide(segment);
    return seen.low === owner ? this.#own(segment, seen, owner, 0) : undefined;
  }

  #own(segment: number, seen: Wide, owner: number, lastGeneration: number): Claimed | undefined {
    // The owner cell keeps the generation: this thread may die before it has written an incarnation that is later.
    const last = Math.max(lastGeneration, generationOf(tagOf(Stage.free, seen.high)));
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

/** The position of a segment's text. */
export function textAt(segment: number): number {
  return segment + OWNER_CELLS;
}

/** The position of a segment's head; the body follows it. */
export function partsAt(segment: number, shape: Shape): number {
  return segment + OWNER_CELLS + shape.text;
}

/** The number of cells for a text of `bytes` bytes: a power of two, so that there are few shapes. */
export function roundText(bytes: number): number {
  return bytes === 0 ? 0 : 2 ** Math.max(2, Math.ceil(Math.log2(bytes / 4)));
}

function segmentCells(shape: Shape): number {
  return OWNER_CELLS + shape.text + shape.head + shape.body;
}

function pageSpan(shape: Shape): number {
  return Math.ceil(segmentCells(shape) / PAGE_CELLS);
}

/** A number for a shape, different for different shapes. Never zero, which marks an unclaimed page. */
function shapeCode(shape: Shape): number {
  const text = shape.text === 0 ? 0 : Math.log2(shape.text);
  return (text * HEAD_RANGE + shape.head) * BODY_RANGE + shape.body + 1;
}

function shapeOf(code: number): Shape {
  const body = (code - 1) % BODY_RANGE;
  const rest = Math.floor((code - 1) / BODY_RANGE);
  const text = Math.floor(rest / HEAD_RANGE);
  return { text: text === 0 ? 0 : 2 ** text, head: rest % HEAD_RANGE, body };
}
