import type { Memory } from './memory.js';
import { type CircuitRecord, Field, isAlive } from './record.js';
import {
  type CircuitTotals,
  closeLine,
  Line,
  lineNowhere,
  NO_CALLS,
  plus,
  readLine,
  TotalsLine,
} from '../circuit/memory/totals-line.js';
import { readWord } from '../circuit/memory/word.js';
import { OwnLines } from './own-lines.js';
import type { Segments } from './segments.js';

/** What was counted in the lines of one line of code that declares circuits. */
export interface Sums {
  /** All calls, of the circuits that exist and of those that have gone. */
  readonly all: CircuitTotals;
  /** The calls of circuits that have gone. */
  readonly others: CircuitTotals;
}

/**
 * The lines in which threads count the calls of circuits.
 *
 * A line belongs to the thread whose id it holds. It hangs on the record of a circuit, in a list that only grows; the head of the
 * list holds the incarnation of the circuit as well, so a line that is hung up late never comes into the list of another circuit.
 * When a thread has ended, its lines stay where they are with all that they have counted, and a later thread that calls the
 * circuit goes on counting in them. A line whose circuit has gone serves another circuit that the same line of code declared, and
 * keeps the earlier counts; so the sum over all lines of one line of code never falls.
 *
 * One object a thread.
 */
export class Totals {
  readonly #memory: Memory;
  readonly #segments: Segments;
  readonly #thread: number;
  readonly #parent: number;
  readonly #own = new OwnLines((line) => this.#isFree(line));
  #hasEnded = false;

  constructor(memory: Memory, segments: Segments, thread: number, parent: number) {
    this.#memory = memory;
    this.#segments = segments;
    this.#thread = thread;
    this.#parent = parent;
  }

  /** Where this thread counts the calls of a circuit; a line that is never read where memory has run out. */
  lineOf(record: CircuitRecord): TotalsLine {
    if (this.#hasEnded) return lineNowhere(record);
    const left = this.#takeLeft(record);
    if (left !== undefined) return this.#keep(left, record);
    const site = this.#memory.load(record.at + Field.declaredAt) + 1;
    const at = this.#own.reuse(site) ?? this.#segments.takeLine(site, (line) => this.#take(line, site));
    if (at === undefined) return lineNowhere(record);
    const line = this.#keep(at, record);
    return this.#hangUp(at, record) ? line : lineNowhere(record);
  }

  /** What all threads have counted for a circuit. */
  sumOf(record: CircuitRecord): CircuitTotals {
    let sum = NO_CALLS;
    for (const line of this.#linesOf(record)) sum = plus(sum, readLine(this.#memory, line).ofCircuit);
    return sum;
  }

  /** What all threads have counted, by the segment with the line of code; by 0 where it is not known. */
  bySite(): ReadonlyMap<number, Sums> {
    const sites = new Map<number, Sums>();
    this.#segments.eachLine((line) => {
      const site = this.#memory.load(line + Line.site) - 1;
      if (site < 0) return;
      const { all, others } = sites.get(site) ?? { all: NO_CALLS, others: NO_CALLS };
      const sums = this.#readWhole(line);
      sites.set(site, { all: plus(all, sums.all), others: plus(others, sums.others) });
    });
    return sites;
  }

  /**
   * Gives up the lines of a thread that has ended, and of the threads that it had started.
   *
   * @param oldest the lowest id among the living workers of this thread. A thread with a lower id whose panel came from this thread
   *   has ended too: ids only go up, a worker has a higher id than the thread that started it, and it ends with that thread
   */
  release(thread: number, oldest = 0): void {
    const ended = new Set([thread]);
    const memory = this.#memory;
    const hasEnded = (owner: number, parent: number): boolean =>
      ended.has(owner) || ended.has(parent) || (parent === this.#thread && owner < oldest);
    for (let known = 0; known !== ended.size;) {
      known = ended.size;
      this.#segments.eachLine((line) => {
        const owner = memory.load(line + Line.thread);
        if (owner === 0 || !hasEnded(owner - 1, memory.load(line + Line.parent) - 1)) return;
        ended.add(owner - 1);
        memory.compareAndSet(line + Line.thread, owner, 0);
      });
    }
    this.#segments.linesReleased();
  }

  /** Gives up the lines of this thread, which is about to end. Calls that it still makes are in no total. */
  leave(): void {
    this.#hasEnded = true;
    for (const line of this.#own.all()) {
      const { at } = line;
      line.detach();
      this.#memory.store(at + Line.thread, 0);
    }
    this.#segments.linesReleased();
  }

  #keep(at: number, record: CircuitRecord): TotalsLine {
    const line = new TotalsLine(this.#memory, at, record);
    this.#own.add(this.#memory.load(at + Line.site), line);
    return line;
  }

  /** A line of the circuit whose thread has ended, made this thread's. */
  #takeLeft(record: CircuitRecord): number | undefined {
    for (const line of this.#linesOf(record)) if (this.#claim(line)) return line;
    return undefined;
  }

  /** A line without a thread whose circuit has gone, made this thread's. */
  #take(line: number, site: number): number | undefined {
    const serves = (): boolean => {
      const served = this.#memory.load(line + Line.site);
      return (served === 0 || served === site) && this.#isFree(line);
    };
    if (this.#memory.load(line + Line.thread) !== 0 || !serves() || !this.#claim(line)) return undefined;
    if (serves()) {
      this.#memory.store(line + Line.site, site);
      return line;
    }
    // Between the look at it and the claim another thread had it, hung it up, and has ended.
    this.#memory.store(line + Line.thread, 0);
    return undefined;
  }

  #claim(line: number): boolean {
    if (!this.#memory.compareAndSet(line + Line.thread, 0, this.#thread + 1)) return false;
    this.#memory.store(line + Line.parent, this.#parent + 1);
    return true;
  }

  /** Whether the circuit that a line was hung on has gone; it never comes back. */
  #isFree(line: number): boolean {
    const at = this.#memory.load(line + Line.record);
    if (at === 0) return true;
    const incarnation = this.#memory.load(line + Line.incarnation);
    return !isAlive(this.#memory, { at, incarnation, permits: 0 }, readWord(this.#memory, at));
  }

  /** Hangs a line of this thread on a circuit; false if the circuit has gone. */
  #hangUp(line: number, { at, incarnation }: CircuitRecord): boolean {
    const memory = this.#memory;
    // First: as soon as the line names a circuit that exists, its base is read.
    closeLine(memory, line);
    memory.store(line + Line.record, at);
    memory.store(line + Line.incarnation, incarnation);
    for (;;) {
      const head = memory.loadWide(at + Field.lines);
      if (head.high !== incarnation) return false;
      memory.store(line + Line.next, head.low);
      if (memory.compareAndSetWide(at + Field.lines, head, line, incarnation)) return true;
    }
  }

  /** Reads a line while it belongs to one circuit: again, if that one has gone or another has come meanwhile. */
  #readWhole(line: number): Sums {
    const memory = this.#memory;
    for (;;) {
      const record = memory.load(line + Line.record);
      const incarnation = memory.load(line + Line.incarnation);
      const hasGone = this.#isFree(line);
      const { ofCircuit, before } = readLine(memory, line);
      if (
        hasGone !== this.#isFree(line) ||
        record !== memory.load(line + Line.record) ||
        incarnation !== memory.load(line + Line.incarnation)
      )
        continue;
      const all = plus(before, ofCircuit);
      return { all, others: hasGone ? all : before };
    }
  }

  *#linesOf({ at, incarnation }: CircuitRecord): Generator<number> {
    const memory = this.#memory;
    const head = memory.loadWide(at + Field.lines);
    if (head.high !== incarnation) return;
    for (let line = head.low; line !== 0; line = memory.load(line + Line.next)) {
      // Should the circuit go meanwhile, its lines may come into the list of another.
      if (memory.load(line + Line.record) !== at || memory.load(line + Line.incarnation) !== incarnation)
        return;
      yield line;
    }
  }
}
