import { OptionReader } from '../../options/option-reader.js';
import { type Clock, systemClock, wallClock } from '../../time/clock.js';
import {
  Header,
  HEADER_CELLS,
  type Layout,
  layoutCells,
  layoutFor,
  PAGE_CELLS,
  readHeader,
  writeHeader,
} from '../memory/layout.js';
import { SharedMemory } from '../memory/memory.js';

export interface PanelOptions {
  /** Circuits there is room for, at least. Default 16,384; memory is touched only when it is used. */
  readonly circuits?: number;
  /** Bytes for names, permits and windows. Default 2 KiB a circuit. */
  readonly memory?: number;
  /** The `buffer` of a panel of another thread, to share its circuits; `circuits` and `memory` are its own then. */
  readonly buffer?: ArrayBufferLike;
  /** Where time comes from, the same for all threads of a panel. Default the system's monotonic clock. */
  readonly clock?: Clock;
}

const MAX_CIRCUITS = 2 ** 20;
const BYTES_PER_CIRCUIT = 2048;
/** Pages serve one shape each: even few circuits need several of them. */
const ROOM_FOR_SHAPES = 64 * 1024;
export const BYTES_PER_PAGE: number = PAGE_CELLS * 4;
const MAX_BYTES = 2 ** 30;
/**
 * Reads the options of a panel, and makes its memory unless another thread has.
 *
 * @throws PolicyError with everything that is wrong with them
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
  const clock = read.raw('clock') ?? systemClock;
  if (!isClock(clock)) read.fault('clock', 'a Clock, with now() and sleep()');
  const given = read.raw('buffer');
  const layout = given === undefined ? undefined : layoutOf(given);
  if (typeof layout === 'string') read.fault('buffer', `the buffer of a Panel; this is ${layout}`);
  for (const name of ['circuits', 'memory'] as const) {
    if (given !== undefined && read.raw(name) !== undefined)
      read.fault(name, 'nothing beside a buffer, which has its size');
  }
  read.finish();
  if (typeof layout === 'object') return { buffer: given as ArrayBufferLike, clock: clock as Clock, layout };
  return makeMemory(circuits, memory, clock as Clock);
}

/** How much larger the table is than what has to fit: names still find a place there when it is as full as promised. */
const TABLE_HEADROOM = 1.25;

function makeMemory(
  circuits: number,
  bytes: number,
  clock: Clock,
): { buffer: ArrayBufferLike; clock: Clock; layout: Layout } {
  const places = primeFrom(Math.ceil(circuits * TABLE_HEADROOM));
  const layout = layoutFor(places, Math.ceil(bytes / BYTES_PER_PAGE));
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

function isClock(value: unknown): value is Clock {
  const clock = value as Partial<Record<keyof Clock, unknown>> | null;
  return typeof clock === 'object' && typeof clock?.now === 'function' && typeof clock.sleep === 'function';
}

/** The first prime that is not below `n`. */
function primeFrom(n: number): number {
  for (let candidate = n; ; candidate++) {
    let divisor = 2;
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++;
    if (divisor * divisor > candidate) return candidate;
  }
}
