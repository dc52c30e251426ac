import { PAGE_CELLS } from './layout.js';

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

export const OWNER_CELLS = 2;
const HEAD_RANGE = 2 ** 8;
const BODY_RANGE = 2 ** 15;

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

export function segmentCells(shape: Shape): number {
  return OWNER_CELLS + shape.text + shape.head + shape.body;
}

export function pageSpan(shape: Shape): number {
  return Math.ceil(segmentCells(shape) / PAGE_CELLS);
}

/** A number for a shape, different for different shapes. Never zero, which marks an unclaimed page. */
export function shapeCode(shape: Shape): number {
  const text = shape.text === 0 ? 0 : Math.log2(shape.text);
  return (text * HEAD_RANGE + shape.head) * BODY_RANGE + shape.body + 1;
}

export function shapeOf(code: number): Shape {
  const body = (code - 1) % BODY_RANGE;
  const rest = Math.floor((code - 1) / BODY_RANGE);
  const text = Math.floor(rest / HEAD_RANGE);
  return { text: text === 0 ? 0 : 2 ** text, head: rest % HEAD_RANGE, body };
}
