import { OptionReader } from '../../options/option-reader.js';
import { thisThread } from '../../process/thread.js';
import { type Clock, systemClock, wallClock } from '../../time/clock.js';
import { PanelFullError } from '../errors.js';
import {
  FAILURE_CELLS,
  Header,
  HEADER_CELLS,
  indexOf,
  type Layout,
  layoutCells,
  layoutFor,
  PAGE_CELLS,
  readHeader,
  writeHeader,
} from '../memory/layout.js';
import { SharedMemory } from '../memory/memory.js';
import { Field, type Place } from '../memory/record.js';
import { encodeText } from '../memory/text.js';
import { LAST_MOMENT, type Word } from '../memory/word.js';
import { type Declaration, type Made, Names } from './name-table.js';
import { Segments } from './segments.js';

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

/** What a circuit needs in a panel, and what others should know of it. */
export interface PlaceRequest extends Omit<Declaration, 'declaredAt'> {
  readonly key: string | undefined;
  readonly declaredAt: string | undefined;
}

/** How many circuits may go for one new one. */
const MOST_EVICTED = 16;

const MOST_CIRCUITS = 2 ** 20;
const BYTES_PER_CIRCUIT = 2048;
/** Pages serve one shape each: even few circuits need several of them. */
const ROOM_FOR_SHAPES = 64 * 1024;
const BYTES_PER_PAGE = PAGE_CELLS * 4;
const MOST_BYTES = 2 ** 30;
/** Of a long text the end says more: it is a path and a line. */
const MOST_OF_TEXT = 240;

/**
 * The memory circuits live in: one `SharedArrayBuffer`, so a thread that has the buffer has every circuit.
 *
 * You need one of your own only to size it, to keep circuits apart, or to hand it to a worker yourself. The default panel
 * reaches every worker by itself.
 *
 * @throws PolicyError for options that make no sense
 * @example
 * const panel = new Panel({ circuits: 100_000 });
 * const worker = new Worker(file, { workerData: panel.buffer });
 * // in the worker
 * const panel = new Panel({ buffer: workerData });
 * const breaker = new CircuitBreaker({ key: 'geo-api' }, { panel });
 */
export class Panel {
  /** Hand this to another thread. */
  readonly buffer: ArrayBufferLike;
  readonly clock: Clock;
  /** @internal */
  readonly memory: SharedMemory;
  /** @internal */
  readonly layout: Layout;
  readonly #names: Names;
  readonly #segments: Segments;
  /** Where this thread finds the texts it has interned. */
  readonly #texts = new Map<string, number>();
  readonly #madeAt: number;
  readonly #madeAtEpoch: number;

  constructor(options?: PanelOptions) {
    const { buffer, clock, layout } = readOptions(options);
    this.buffer = buffer;
    this.clock = clock;
    this.layout = layout;
    this.memory = new SharedMemory(buffer);
    this.#segments = new Segments(this.memory, layout);
    this.#names = new Names(this.memory, layout, this.#segments, thisThread);
    const times = new Float64Array(buffer, Header.madeAt * 4, 2);
    this.#madeAt = times[0];
    this.#madeAtEpoch = times[1];
  }

  /** The names of all circuits in this panel, whichever thread made them. */
  keys(): readonly string[] {
    return this.places().map(({ name }) => name);
  }

  /**
   * Frees what a worker was just making when it was killed, and the circuits without a key that it had put here. Pools call
   * it when a thread has exited; if nobody does, what is lost is that room.
   *
   * @param threadId of a thread that has ended: a living one may still be writing
   * @returns how many places came free
   */
  reclaim(threadId: number): number {
    return this.#names.reclaim(threadId);
  }

  /** @internal Whole milliseconds since the panel was made: what deadlines count in. */
  now(): number {
    return this.moment(this.clock.now());
  }

  /** @internal A reading of the clock as whole milliseconds since the panel was made. */
  moment(reading: number): number {
    return Math.min(Math.max(0, Math.floor(reading - this.#madeAt)), LAST_MOMENT);
  }

  /** @internal */
  toEpoch(moment: number): number {
    return Math.round(this.#madeAtEpoch + moment);
  }

  /**
   * @internal The place of a circuit, made if there is none.
   * @throws PanelFullError
   */
  claim({ key, declaredAt, ...needs }: PlaceRequest): Place {
    const declaration: Declaration = {
      ...needs,
      declaredAt: declaredAt === undefined ? 0 : this.#intern(declaredAt),
    };
    const make = (): Made =>
      key === undefined
        ? this.#names.make(declaration)
        : this.#names.findOrMake(encodeText(key), declaration);
    let made = make();
    // Of memory it may take several, until one leaves a segment of the right shape.
    for (let i = 0; i < MOST_EVICTED && typeof made === 'string' && this.#names.evictIdle(); i++)
      made = make();
    if (made === 'no place')
      throw new PanelFullError({ what: 'circuits', capacity: this.memory.load(Header.circuits) });
    if (made === 'no memory') {
      throw new PanelFullError({ what: 'memory', capacity: this.layout.pageCount * BYTES_PER_PAGE });
    }
    return made;
  }

  /** @internal */
  find(key: string): Place | undefined {
    return this.#names.find(encodeText(key));
  }

  /** @internal */
  remove(place: Place, removable: (word: Word) => boolean): boolean {
    return this.#names.remove(place, removable);
  }

  /** @internal The circuits that have names. */
  places(): readonly { readonly name: string; readonly place: Place }[] {
    return this.#names.all();
  }

  /** @internal */
  nameAt(at: number): { readonly name: string; readonly place: Place } | undefined {
    return this.#names.nameAt(at);
  }

  /** @internal */
  fingerprintOf(place: Place): number {
    return this.memory.load(place.at + Field.fingerprint);
  }

  /** @internal */
  sourcesOf(place: Place): number {
    return this.memory.load(place.at + Field.sources);
  }

  /** @internal The line of code that declared the circuit at a place, in whichever thread that was. */
  declaredAt(place: Place): string | undefined {
    const segment = this.memory.load(place.at + Field.declaredAt);
    return segment === 0 ? undefined : this.#segments.textOf(segment);
  }

  /** @internal Where the copy of a circuit's last failure is. */
  failureAt(place: Place): number {
    return this.layout.failures + indexOf(this.layout, place.at) * FAILURE_CELLS;
  }

  #intern(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const segment = this.#segments.intern(encodeText(text.slice(-MOST_OF_TEXT)));
    this.#texts.set(text, segment);
    return segment;
  }
}

function readOptions(options: PanelOptions | undefined): {
  buffer: ArrayBufferLike;
  clock: Clock;
  layout: Layout;
} {
  const read = new OptionReader<PanelOptions>('Panel', options);
  const circuits = read.integer('circuits', { default: 16_384, min: 1, max: MOST_CIRCUITS });
  const memory = read.integer('memory', {
    default: circuits * BYTES_PER_CIRCUIT + ROOM_FOR_SHAPES,
    min: BYTES_PER_PAGE,
    max: MOST_BYTES,
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
const SPARE = 1.25;

function makeMemory(
  circuits: number,
  bytes: number,
  clock: Clock,
): { buffer: ArrayBufferLike; clock: Clock; layout: Layout } {
  const places = primeFrom(Math.ceil(circuits * SPARE));
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
