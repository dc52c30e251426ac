import { thisThread } from '../process/thread.js';
import { hearOfExits } from '../process/worker-exits.js';
import { type Clock } from '../time/clock.js';
import { PanelFullError } from './panel-full-error.js';
import { ANNEX_CELLS, Header, indexOf, type Layout } from './layout.js';
import { SharedMemory } from './memory.js';
import { type PanelRecord, Field } from './record.js';
import { encodeText } from './text.js';
import { LAST_MOMENT } from './word.js';
import { type Word } from './word.js';
import { type RecordKind } from './record-kind.js';
import { inherited } from './inheritance.js';
import { type Declaration, type Made, NameTable } from './name-table.js';
import { BYTES_PER_PAGE, type PanelOptions, readPanelOptions } from './panel-options.js';
import { Segments } from './segments.js';
import { ThreadLines } from './thread-lines.js';

/** The sizes of a record's parts in a panel, and the data for other threads. */
export interface RecordRequest extends Omit<Declaration, 'declaredAt' | 'policy'> {
  readonly key: string | undefined;
  readonly declaredAt: string | undefined;
  /** The published fields of the policy, as text. */
  readonly policy: string | undefined;
}

/** How many records may be evicted for one new record. */
const MAX_EVICTIONS = 16;

/** The number of characters of a line of code. A long one is cut at its start, because its end says more. */
const MAX_SITE_LENGTH = 240;

/**
 * The shared memory of circuits, bulkheads and rate limits: one `SharedArrayBuffer`. A thread that has the buffer has all that is
 * in it.
 *
 * Workers inherit the default panel. Make a panel of your own only to choose its size, to separate circuits, or to give it
 * to a worker yourself.
 *
 * @throws PolicyError with all faults of the options
 * @example
 * const panel = new Panel({ circuits: 100_000 });
 * const worker = new Worker(file, { workerData: panel.buffer });
 * // in the worker
 * const panel = new Panel({ buffer: workerData });
 * const breaker = new CircuitBreaker({ key: 'geo-api' }, { panel });
 */
export class Panel {
  /** The memory, which another thread makes a panel of: `new Panel({ buffer })`. */
  readonly buffer: ArrayBufferLike;
  readonly clock: Clock;
  /** @internal */
  readonly memory: SharedMemory;
  /** @internal */
  readonly layout: Layout;
  readonly #names: NameTable;
  readonly #segments: Segments;
  /** @internal The lines of threads. */
  readonly lines: ThreadLines;
  /** The segments of the texts that this thread has interned. */
  readonly #texts = new Map<string, number>();
  readonly #madeAt: number;
  readonly #madeAtEpoch: number;

  constructor(options?: PanelOptions) {
    const { buffer, clock, layout } = readPanelOptions(options);
    this.buffer = buffer;
    this.clock = clock;
    this.layout = layout;
    this.memory = new SharedMemory(buffer);
    this.#segments = new Segments(this.memory, layout);
    this.#names = new NameTable(this.memory, layout, this.#segments, thisThread);
    this.lines = new ThreadLines(this.memory, this.#segments, thisThread, inherited?.thread ?? -1);
    hearOfExits(this);
    const times = new Float64Array(buffer, Header.madeAt * 4, 2);
    this.#madeAt = times[0];
    this.#madeAtEpoch = times[1];
  }

  /**
   * The names of all circuits in this panel, of all threads.
   *
   * @param kind the kind of record whose names are asked for. Default `'circuit-breaker'`
   */
  keys(kind: RecordKind = 'circuit-breaker'): readonly string[] {
    return this.namedRecords(kind).map(({ name }) => name);
  }

  /**
   * Frees the records that a worker had reserved when it was killed, those of its circuits without a key, and the memory in which it
   * counted calls.
   *
   * Pools of workers call it when a thread has ended. Without it, these records stay occupied.
   *
   * @param threadId the id of a thread that has ended, because a running thread may still write to its records
   * @returns how many records came free
   */
  reclaim(threadId: number): number {
    this.lines.release(threadId);
    return this.#names.reclaim(threadId);
  }

  /** @internal Whole milliseconds since the panel was made, the unit of deadlines. */
  now(): number {
    return this.moment(this.clock.now());
  }

  /** @internal Milliseconds since the panel was made, with fractions. */
  elapsed(): number {
    return Math.max(0, this.clock.now() - this.#madeAt);
  }

  /** @internal A moment in milliseconds since the panel was made, by the clock. */
  toReading(elapsed: number): number {
    return elapsed + this.#madeAt;
  }

  /** @internal A reading of the clock in milliseconds since the panel was made, with fractions. */
  toElapsed(reading: number): number {
    return Math.max(0, reading - this.#madeAt);
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
   * @internal The record of that kind and key, made if there is none.
   * @throws PanelFullError
   */
  claim({ key, declaredAt, policy, ...needs }: RecordRequest): PanelRecord {
    const declaration: Declaration = {
      ...needs,
      declaredAt: declaredAt === undefined ? 0 : this.#intern(declaredAt.slice(-MAX_SITE_LENGTH)),
      policy: policy === undefined ? 0 : this.#intern(policy),
    };
    const make = (): Made =>
      key === undefined
        ? this.#names.make(declaration)
        : this.#names.findOrMake(encodeText(key), declaration);
    let made = make();
    // For memory it may take several evictions, until one frees a segment of the right shape.
    for (let i = 0; i < MAX_EVICTIONS && typeof made === 'string' && this.#names.evictIdle(); i++)
      made = make();
    if (made === 'no record')
      throw new PanelFullError({ what: 'circuits', capacity: this.memory.load(Header.circuits) });
    if (made === 'no memory') {
      throw new PanelFullError({ what: 'memory', capacity: this.layout.pageCount * BYTES_PER_PAGE });
    }
    return made;
  }

  /** @internal */
  find(kind: RecordKind, key: string): PanelRecord | undefined {
    return this.#names.find(kind, encodeText(key));
  }

  /** @internal */
  remove(record: PanelRecord, removable: (word: Word) => boolean): boolean {
    return this.#names.remove(record, removable);
  }

  /** @internal The records of a kind that have names. */
  namedRecords(kind: RecordKind): readonly { readonly name: string; readonly record: PanelRecord }[] {
    return this.#names.all(kind);
  }

  /** @internal */
  nameAt(at: number): { readonly name: string; readonly record: PanelRecord } | undefined {
    return this.#names.nameAt(at);
  }

  /** @internal */
  fingerprintOf(record: PanelRecord): number {
    return this.memory.load(record.at + Field.fingerprint);
  }

  /** @internal */
  sourcesOf(record: PanelRecord): number {
    return this.memory.load(record.at + Field.sources);
  }

  /** @internal The line of code that declared the record, in any thread. */
  declaredAt(record: PanelRecord): string | undefined {
    return this.#textAt(record.at + Field.declaredAt);
  }

  /** @internal The published fields of a record's policy, as the thread that made it wrote them. */
  policyOf(record: PanelRecord): string | undefined {
    return this.#textAt(record.at + Field.policy);
  }

  /** @internal The text that a segment holds; undefined for 0, where there is none. */
  textIn(segment: number): string | undefined {
    return segment === 0 ? undefined : this.#segments.textOf(segment);
  }

  /** @internal Called when a worker that this thread had started has ended. */
  threadEnded(thread: number, oldest: number): void {
    this.lines.release(thread, oldest);
  }

  /** @internal Called when this thread ends. */
  threadEnds(): void {
    this.lines.leave();
  }

  /** @internal The position of a record's annex. */
  annexAt(record: PanelRecord): number {
    return this.layout.annexes + indexOf(this.layout, record.at) * ANNEX_CELLS;
  }

  #textAt(field: number): string | undefined {
    return this.textIn(this.memory.load(field));
  }

  #intern(text: string): number {
    const existing = this.#texts.get(text);
    if (existing !== undefined) return existing;
    const segment = this.#segments.intern(encodeText(text));
    this.#texts.set(text, segment);
    return segment;
  }
}
