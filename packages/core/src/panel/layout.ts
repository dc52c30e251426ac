import type { Memory } from './memory.js';
import { RECORD_CELLS } from './record.js';

/**
 * The parts of a panel's memory, in 32-bit cells:
 * header, ring of entries, records, annexes, table of pages, pages.
 */
export interface Layout {
  readonly recordCount: number;
  readonly ring: number;
  readonly records: number;
  readonly annexes: number;
  readonly pageTable: number;
  readonly pages: number;
  readonly pageCount: number;
}

export const Header = {
  magic: 0,
  version: 1,
  recordCount: 2,
  pageCount: 3,
  /** The last commit of a name: `[ serial 13 | generation 19 ]`, `[ index of the record + 1 ]`. Wide. */
  commit: 4,
  /** How many entries were written to the ring, wrapping. Threads wait for a change of this number. */
  logged: 6,
  /** How many records came free, wrapping. A thread that found no free segment searches again only after a change. */
  freed: 7,
  /** Monotonic ms and epoch ms when the panel was made, as doubles. */
  madeAt: 8,
  madeAtEpoch: 10,
  /** How many circuits, bulkheads and rate limits the panel was made for; there are more records than that. */
  circuits: 12,
} as const;

export const HEADER_CELLS = 16;
/** 4 KiB, the page size of most operating systems: a page takes no memory until it is used. */
export const PAGE_CELLS = 1024;
export const RING_ENTRIES = 256;
export const RING_ENTRY_CELLS = 8;
/** Each record has as many cells more for what is seldom needed; what they hold is up to its kind. */
export const ANNEX_CELLS = 32;

const MAGIC = 0x53574752;
const VERSION = 3;

export function layoutFor(recordCount: number, pageCount: number): Layout {
  const ring = HEADER_CELLS;
  const records = align(ring + RING_ENTRIES * RING_ENTRY_CELLS, RECORD_CELLS);
  const annexes = records + recordCount * RECORD_CELLS;
  const pageTable = annexes + recordCount * ANNEX_CELLS;
  const pages = align(pageTable + pageCount, PAGE_CELLS);
  return { recordCount, ring, records, annexes, pageTable, pages, pageCount };
}

export function layoutCells(layout: Layout): number {
  return layout.pages + layout.pageCount * PAGE_CELLS;
}

/** Marks fresh memory as a panel. */
export function writeHeader(memory: Memory, layout: Layout): void {
  memory.store(Header.version, VERSION);
  memory.store(Header.recordCount, layout.recordCount);
  memory.store(Header.pageCount, layout.pageCount);
  memory.store(Header.magic, MAGIC);
}

/** The layout of memory that is a panel already, or the reason why it is none. */
export function readHeader(memory: Memory): Layout | 'not a panel' | 'another version' {
  if (memory.load(Header.magic) !== MAGIC) return 'not a panel';
  if (memory.load(Header.version) !== VERSION) return 'another version';
  return layoutFor(memory.load(Header.recordCount), memory.load(Header.pageCount));
}

export function recordAt(layout: Layout, index: number): number {
  return layout.records + index * RECORD_CELLS;
}

export function indexOf(layout: Layout, record: number): number {
  return (record - layout.records) / RECORD_CELLS;
}

function align(cells: number, to: number): number {
  return Math.ceil(cells / to) * to;
}
