import { thisThread } from '../process/thread.js';
import { hearOfExits } from '../process/worker-exits.js';
import { type Clock } from '../time/clock.js';
import { PanelFullError } from '../circuit/errors.js';
import { FAILURE_CELLS, Header, indexOf, type Layout } from './layout.js';
import { SharedMemory } from './memory.js';
import { type CircuitRecord, Field } from './record.js';
import { encodeText } from './text.js';
import type { CircuitTotals, TotalsLine } from '../circuit/memory/totals-line.js';
import { LAST_MOMENT, type Word } from '../circuit/memory/word.js';
import { inherited } from './inheritance.js';
import { type Declaration, type Made, NameTable } from './name-table.js';
import { BYTES_PER_PAGE, type PanelOptions, readPanelOptions } from './panel-options.js';
import { Segments } from './segments.js';
import { Totals } from './thread-lines.js';

/** The sizes of a circuit's parts in a panel, and the data for other threads. */
export interface RecordRequest extends Omit<Declaration, 'declaredAt' | 'policy'> {
  readonly key: string | undefined;
  readonly declaredAt: string | undefined;
  /** The published fields of the policy, as text. */
  readonly policy: string | undefined;
}

/** How many circuits may be evicted for one new circuit. */
const MAX_EVICTIONS = 16;

/** The number of characters of a line of code. A long one is cut at its start, because its end says more. */
const MAX_SITE_LENGTH = 240;

/**
 * The shared memory of circuits: one `SharedArrayBuffer`. A thread that has the buffer has all its circuits.
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
  readonly #totals: Totals;
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
    this.#totals = new Totals(this.memory, this.#segments, thisThread, inherited?.thread ?? -1);
    hearOfExits(this);
    const times = new Float64Array(buffer, Header.madeAt * 4, 2);
    this.#madeAt = times[0];
    this.#madeAtEpoch = times[1];
  }

  /** The names of all circuits in this panel, of all threads. */
  keys(): readonly string[] {
    return this.namedRecords().map(({ name }) => name);
  }

  /**
   * Frees the records that a worker had reserved when it was killed, and those of its circuits without a key.
   *
   * Pools of workers call it when a thread has ended. Without it, these records stay occupied.
   *
   * @param threadId the id of a thread that has ended, because a running thread may still write to its records
   * @returns how many records came free
   */
  reclaim(threadId: number): number {
    this.#totals.release(threadId);
    return this.#names.reclaim(threadId);
  }

  /** @internal Whole milliseconds since the panel was made, the unit of deadlines. */
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
   * @internal The record of a circuit, made if there is none.
   * @throws PanelFullError
   */
  claim({ key, declaredAt, policy, ...needs }: RecordRequest): CircuitRecord {
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
  find(key: string): CircuitRecord | undefined {
    return this.#names.find(encodeText(key));
  }

  /** @internal */
  remove(record: CircuitRecord, removable: (word: Word) => boolean): boolean {
    return this.#names.remove(record, removable);
  }

  /** @internal The circuits that have names. */
  namedRecords(): readonly { readonly name: string; readonly record: CircuitRecord }[] {
    return this.#names.all();
  }

  /** @internal */
  nameAt(at: number): { readonly name: string; readonly record: CircuitRecord } | undefined {
    return this.#names.nameAt(at);
  }

  /** @internal */
  fingerprintOf(record: CircuitRecord): number {
    return this.memory.load(record.at + Field.fingerprint);
  }

  /** @internal */
  sourcesOf(record: CircuitRecord): number {
    return this.memory.load(record.at + Field.sources);
  }

  /** @internal The line of code that declared the circuit, in any thread. */
  declaredAt(record: CircuitRecord): string | undefined {
    return this.#textAt(record.at + Field.declaredAt);
  }

  /** @internal The published fields of a circuit's policy, as the thread that made it wrote them. */
  policyOf(record: CircuitRecord): string | undefined {
    return this.#textAt(record.at + Field.policy);
  }

  /** @internal The line in which this thread counts the calls of a circuit. */
  totalsLineOf(record: CircuitRecord): TotalsLine {
    return this.#totals.lineOf(record);
  }

  /** @internal The sums of what all threads have counted for a circuit. */
  totalsOf(record: CircuitRecord): CircuitTotals {
    return this.#totals.sumOf(record);
  }

  /** @internal Called when a thread that this one had started has ended. */
  threadEnded(thread: number): void {
    this.#totals.release(thread);
  }

  /** @internal The position of the copy of a circuit's last failure. */
  failureAt(record: CircuitRecord): number {
    return this.layout.failures + indexOf(this.layout, record.at) * FAILURE_CELLS;
  }

  #textAt(field: number): string | undefined {
    const segment = this.memory.load(field);
    return segment === 0 ? undefined : this.#segments.textOf(segment);
  }

  #intern(text: string): number {
    const existing = this.#texts.get(text);
    if (existing !== undefined) return existing;
    const segment = this.#segments.intern(encodeText(text));
    this.#texts.set(text, segment);
    return segment;
  }
}
