import { OptionReader } from '../options/option-reader.js';
import { type Clock, wallClock } from '../time/clock.js';
import {
  Header,
  HEADER_CELLS,
  type Layout,
  layoutCells,
  layoutFor,
  PAGE_CELLS,
  readHeader,
  writeHeader,
} from './layout.js';
import { SharedMemory } from './memory.js';

export interface PanelOptions {
  /** The number of circuits, bulkheads and rate limits together that the panel has room for, at least. Default 16,384. Unused memory is not touched. */
  readonly circuits?: number;
  /** The bytes for names, permits and windows. Default 2 KiB for each circuit, and 64 KiB. */
  readonly memory?: number;
  /** The `buffer` of a panel of another thread, to share what is in it. Do not give `circuits` and `memory` with it. */
  readonly buffer?: ArrayBufferLike;
  /** The source of time, the same for all threads of a panel. Default the system's monotonic clock. */
  readonly clock?: Clock;
}

const MAX_CIRCUITS = 2 ** 20;
const BYTES_PER_CIRCUIT = 2048;
/** Each page serves one shape, so that even few circuits need several pages. */
const ROOM_FOR_SHAPES = 64 * 1024;
export const BYTES_PER_PAGE: number = PAGE_CELLS * 4;
const MAX_BYTES = 2 ** 30;

/**
 * Reads the options of a panel, and makes its memory unless another thread has made it.
 *
 * @throws PolicyError with all faults of the options
 */
export function readPanelOptions(options: PanelOptions | undefined): {
  buffer: ArrayBufferLike;
  clock: Clock;
  layout: Layout;
} {
  const read = new OptionReader<PanelOptions>('Panel', options);
  const circuits = read.integer('circuits', { default: 16_384, min: 1, max: MAX_CIRCUITS });
  const memory = read.integer('memory', {
    default: circuits * BYTES_PER_CIRCUIT + ROOM_FOR_SHAPES,
    min: BYTES_PER_PAGE,
    max: MAX_BYTES,
  });
  const clock = read.clock('clock');
  const buffer = read.raw('buffer');
  const layout = buffer === undefined ? undefined : layoutOf(buffer);
  if (typeof layout === 'string') read.fault('buffer', `the buffer of a Panel; this is ${layout}`);
  for (const name of ['circuits', 'memory'] as const) {
    if (buffer !== undefined && read.raw(name) !== undefined)
      read.fault(name, 'nothing beside a buffer, which has its size');
  }
  read.finish();
  if (typeof layout === 'object') return { buffer: buffer as ArrayBufferLike, clock, layout };
  return makeMemory(circuits, memory, clock);
}

/** The number of records for each that is asked for: a hash table that was quite full would not take every name. */
const TABLE_HEADROOM = 1.25;

function makeMemory(
  circuits: number,
  bytes: number,
  clock: Clock,
): { buffer: ArrayBufferLike; clock: Clock; layout: Layout } {
  const records = primeFrom(Math.ceil(circuits * TABLE_HEADROOM));
  const layout = layoutFor(records, Math.ceil(bytes / BYTES_PER_PAGE));
  const size = layoutCells(layout) * 4;
  const buffer =
    typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(size) : new SharedArrayBuffer(size);
  new Float64Array(buffer, Header.madeAt * 4, 2).set([clock.now(), wallClock()]);
  const memory = new SharedMemory(buffer);
  memory.store(Header.circuits, circuits);
  writeHeader(memory, layout);
  return { buffer, clock, layout };
}

function layoutOf(buffer: unknown): Layout | string {
  const kind = Object.prototype.toString.call(buffer);
  if (kind !== '[object SharedArrayBuffer]' && kind !== '[object ArrayBuffer]') return 'no buffer';
  const { byteLength } = buffer as ArrayBufferLike;
  if (byteLength < HEADER_CELLS * 4 || byteLength % 8 !== 0) return 'another buffer';
  const layout = readHeader(new SharedMemory(buffer as ArrayBufferLike));
  if (typeof layout === 'string') return layout;
  return layoutCells(layout) * 4 === byteLength ? layout : 'another buffer';
}

/** The first prime that is not below `n`. */
function primeFrom(n: number): number {
  for (let candidate = n; ; candidate++) {
    let divisor = 2;
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++;
    if (divisor * divisor > candidate) return candidate;
  }
}
