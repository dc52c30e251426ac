import { thisThread } from '../../process/thread.js';
import { hearOfExits } from '../../process/worker-exits.js';
import { type Clock } from '../../time/clock.js';
import { PanelFullError } from '../errors.js';
import { FAILURE_CELLS, Header, indexOf, type Layout } from '../memory/layout.js';
import { SharedMemory } from '../memory/memory.js';
import { type CircuitRecord, Field } from '../memory/record.js';
import { encodeText } from '../memory/text.js';
import type { CircuitTotals, TotalsLine } from '../memory/totals-line.js';
import { LAST_MOMENT, type Word } from '../memory/word.js';
import { inherited } from './inheritance.js';
import { type Declaration, type Made, NameTable } from './name-table.js';
import { BYTES_PER_PAGE, type PanelOptions, readPanelOptions } from './panel-options.js';
import { Segments } from './segments.js';
import { Totals } from './totals.js';

/** What a circuit needs in a panel, and what others should know of it. */
export interface PlaceRequest extends Omit<Declaration, 'declaredAt' | 'policy'> {
  readonly key: string | undefined;
  readonly declaredAt: string | undefined;
  /** The published fields of the policy, as text. */
  readonly policy: string | undefined;
}

/** How many circuits may go for one new one. */
const MAX_EVICTIONS = 16;

/** Of a long place in code the end says more: it is a path and a line. */
const MAX_PLACE_LENGTH = 240;

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
  readonly #names: NameTable;
  readonly #segments: Segments;
  readonly #totals: Totals;
  /** Where this thread finds the texts it has interned. */
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
    this.#totals.release(threadId);
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
  claim({ key, declaredAt, policy, ...needs }: PlaceRequest): CircuitRecord {
    const declaration: Declaration = {
      ...needs,
      declaredAt: declaredAt === undefined ? 0 : this.#intern(declaredAt.slice(-MAX_PLACE_LENGTH)),
      policy: policy === undefined ? 0 : this.#intern(policy),
    };
    const make = (): Made =>
      key === undefined
        ? this.#names.make(declaration)
        : this.#names.findOrMake(encodeText(key), declaration);
    let made = make();
    // Of memory it may take several, until one leaves a segment of the right shape.
    for (let i = 0; i < MAX_EVICTIONS && typeof made === 'string' && this.#names.evictIdle(); i++)
      made = make();
    if (made === 'no place')
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
  places(): readonly { readonly name: string; readonly record: CircuitRecord }[] {
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

  /** @internal The line of code that declared the circuit at a place, in whichever thread that was. */
  declaredAt(record: CircuitRecord): string | undefined {
    return this.#textAt(record.at + Field.declaredAt);
  }

  /** @internal The published fields of a circuit's policy, as the thread that made it wrote them. */
  policyOf(record: CircuitRecord): string | undefined {
    return this.#textAt(record.at + Field.policy);
  }

  /** @internal Where this thread counts what becomes of a circuit's calls. */
  totalsLineOf(record: CircuitRecord): TotalsLine {
    return this.#totals.lineOf(record);
  }

  /** @internal What all threads have counted for a circuit. */
  totalsOf(record: CircuitRecord): CircuitTotals {
    return this.#totals.sumOf(record);
  }

  /** @internal A thread that this one had started has ended. */
  threadEnded(thread: number): void {
    this.#totals.release(thread);
  }

  /** @internal Where the copy of a circuit's last failure is. */
  failureAt(record: CircuitRecord): number {
    return this.layout.failures + indexOf(this.layout, record.at) * FAILURE_CELLS;
  }

  #textAt(field: number): string | undefined {
    const segment = this.memory.load(field);
    return segment === 0 ? undefined : this.#segments.textOf(segment);
  }

  #intern(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const segment = this.#segments.intern(encodeText(text));
    this.#texts.set(text, segment);
    return segment;
  }
}
